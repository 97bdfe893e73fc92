import { ActionIcon, Button, SegmentedControl, TextInput } from '@mantine/core'
import { Icon } from '../../app/icons.tsx'
import { useTexts } from '../../i18n/preferences.tsx'
import { useTyped } from '../../parts/use-typed.ts'
import classes from './calendar.module.css'
import { KIND_ICONS } from './entry-face.tsx'
import { type View, VIEWS } from './gather.ts'
import { type Kind, KINDS } from './queries.ts'
import { isDay } from './step.ts'
import { texts } from './texts.ts'

interface ToolbarProps {
  title: string
  view: View
  date: string
  kinds: readonly Kind[]
  onStep(step: -1 | 1): void
  onDate(date: string): void
  onToday(): void
  onView(view: View): void
  onKinds(kinds: readonly Kind[]): void
}

/** Goes to a day once it is typed. */
const DateField = ({ date, onDate }: Pick<ToolbarProps, 'date' | 'onDate'>) => {
  const t = useTexts(texts)
  const [typed, setTyped] = useTyped({
    ...{ given: date, take: onDate },
    read: (text) => (isDay(text) ? text : null),
  })
  return (
    <TextInput
      type="date"
      size="xs"
      aria-label={t.date}
      value={typed}
      onChange={(event) => setTyped(event.currentTarget.value)}
    />
  )
}

/** Which time, in which view, and what of it. */
export const Toolbar = (o: ToolbarProps) => {
  const t = useTexts(texts)
  return (
    <div className={classes.toolbar}>
      <div className={classes.steps}>
        <ActionIcon variant="default" size="md" aria-label={t.before} onClick={() => o.onStep(-1)}>
          <Icon name="down" className={classes.left} />
        </ActionIcon>
        <Button variant="default" size="xs" onClick={o.onToday}>
          {t.today}
        </Button>
        <ActionIcon variant="default" size="md" aria-label={t.after} onClick={() => o.onStep(1)}>
          <Icon name="down" className={classes.right} />
        </ActionIcon>
        <h2 className={classes.period} aria-live="polite">
          {o.title}
        </h2>
      </div>
      <div className={classes.kinds} role="group" aria-label={t.shown}>
        {KINDS.map((kind) => {
          const isOn = o.kinds.includes(kind)
          return (
            <button
              key={kind}
              type="button"
              className={classes.kind}
              data-kind={kind}
              aria-pressed={isOn}
              onClick={() => o.onKinds(isOn ? o.kinds.filter((one) => one !== kind) : [...o.kinds, kind])}
            >
              <Icon name={KIND_ICONS[kind]} size={14} />
              {t.kinds[kind]}
            </button>
          )
        })}
      </div>
      <div className={classes.steps}>
        <DateField date={o.date} onDate={o.onDate} />
        <SegmentedControl
          size="xs"
          aria-label={t.view}
          value={o.view}
          onChange={(next) => o.onView(VIEWS.find((one) => one === next) ?? 'month')}
          data={VIEWS.map((value) => ({ value, label: t.views[value] }))}
        />
      </div>
    </div>
  )
}
