import { Button, TextInput } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import type { Problem } from '../../api/problem.ts'
import type { Scope } from '../../app/session.tsx'
import { useFormat, useTexts } from '../../i18n/preferences.tsx'
import { candidatesOf, plusLocal, toInstant, toLocal } from '../../i18n/zone.ts'
import { ActionButton } from '../../parts/action-button.tsx'
import classes from './calendar.module.css'
import type { Shown } from './gather.ts'
import { texts } from './texts.ts'
import { useMove } from './use-move.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

interface MoveFormProps {
  entry: Shown
  needs: Scope
  unless: string | null
  onClose(): void
  /** Beside the button. */
  children: ReactNode
}

interface Unclear {
  local: string
  candidates: string[]
}

const toldBy = ({ document }: Problem): string[] => {
  const { candidates } = document
  return Array.isArray(candidates) ? candidates.map(String) : []
}

/** Another time for an entry, by keys: what dragging does, to the minute. Where the clocks are changed it asks which one is meant. */
export const MoveForm = ({ entry, needs, unless, onClose, children }: MoveFormProps) => {
  const t = useTexts(texts)
  const format = useFormat()
  const { timeZone } = format
  const { wanted } = entry
  const [local, setLocal] = useState(() => wanted ?? toLocal(entry.at, timeZone))
  const [unclear, setUnclear] = useState<Unclear | null>(() =>
    wanted === undefined ? null : { local: wanted, candidates: candidatesOf(wanted, timeZone) },
  )
  const move = useMove({
    onMoved: onClose,
    onUnclear: (problem) => setUnclear({ local, candidates: toldBy(problem) }),
  })
  const instant = toInstant(local, timeZone)
  const become = (next: string) => {
    setLocal(next)
    setUnclear(null)
  }
  const later = (ms: number) => {
    if (instant !== null) become(toLocal(new Date(Date.parse(instant) + ms).toISOString(), timeZone))
  }
  const quick: [string, () => void][] = [
    [t.quick.dayBefore, () => become(plusLocal(local, -DAY_MS))],
    [t.quick.hourBefore, () => later(-HOUR_MS)],
    [t.quick.hourAfter, () => later(HOUR_MS)],
    [t.quick.dayAfter, () => become(plusLocal(local, DAY_MS))],
  ]
  const comesTwice =
    unclear !== null && unclear.candidates.every((at) => toLocal(at, timeZone) === unclear.local)
  return (
    <form
      className={classes.entry}
      onSubmit={(event) => {
        event.preventDefault()
        if (unless === null) move.mutate({ entry, at: { local, timeZone } })
      }}
    >
      <TextInput
        type="datetime-local"
        label={`${t.newTime} (${timeZone}, ${format.zone(instant ?? entry.at)})`}
        value={local}
        onChange={(event) => become(event.currentTarget.value)}
      />
      <div className={classes.quick}>
        {quick.map(([label, run]) => (
          <Button key={label} variant="default" size="compact-xs" disabled={instant === null} onClick={run}>
            {label}
          </Button>
        ))}
      </div>
      {unclear !== null && (
        <div className={classes.unclear} role="alert">
          <p>{comesTwice ? t.twice : t.never}</p>
          {unclear.candidates.map((at) => (
            <Button key={at} variant="default" size="xs" onClick={() => move.mutate({ entry, at })}>
              {format.instant(at, 'minute')} {format.zone(at)}
            </Button>
          ))}
        </div>
      )}
      <div className={classes.buttons}>
        {children}
        <ActionButton
          needs={needs}
          unless={unless}
          loading={move.isPending}
          onClick={() => move.mutate({ entry, at: { local, timeZone } })}
        >
          {t.move}
        </ActionButton>
      </div>
    </form>
  )
}
