import { NativeSelect, SegmentedControl, TextInput } from '@mantine/core'
import { keepPreviousData, queryOptions, useQuery } from '@tanstack/react-query'
import { useEffect, useMemo, useState } from 'react'
import { api } from '../../api/client.ts'
import { Problem } from '../../api/problem.ts'
import { createFormat } from '../../i18n/format.ts'
import { browserZone, usePreferences, useTexts } from '../../i18n/preferences.tsx'
import { defineTexts } from '../../i18n/texts.ts'
import { Relative } from '../moments.tsx'
import { useProblemText } from '../problem-text.tsx'
import { type LocalWhen, type WallClock, whenOf } from './when.ts'
import classes from './when.module.css'

const TYPING_MS = 300

const resolveQuery = (when: LocalWhen | null) =>
  queryOptions({
    queryKey: ['time', when],
    queryFn: ({ signal }) => api.post('/v1/time/resolve', { body: { at: when ?? '' }, signal }),
    enabled: when !== null,
    // What is past or twice there stays so.
    retry: (count, error) => count < 2 && error instanceof Problem && error.isPassing,
    placeholderData: keepPreviousData,
  })

/** What was chosen, once the choosing pauses. */
const useSettled = (value: WallClock): WallClock => {
  const [settled, setSettled] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), TYPING_MS)
    return () => clearTimeout(timer)
  }, [value])
  return settled
}

const candidatesOf = (problem: unknown): string[] => {
  if (!(problem instanceof Problem) || problem.code !== 'ambiguous-local-time') return []
  const { candidates } = problem.document
  return Array.isArray(candidates) ? candidates.map(String) : []
}

/** The instant that the server makes of it, in the zones that matter here. */
const Resolved = ({
  value,
  onChoose,
}: {
  value: WallClock
  onChoose: (next: Partial<WallClock>) => void
}) => {
  const t = useTexts(texts)
  const { language, timeZone } = usePreferences()
  const problemText = useProblemText()
  const { data, error } = useQuery(resolveQuery(whenOf(useSettled(value))))
  const zones = useMemo(
    () => [...new Set([timeZone, value.timeZone, 'UTC'])].map((zone) => createFormat(language, zone)),
    [language, timeZone, value.timeZone],
  )
  if (value.local === '') return null
  const candidates = candidatesOf(error)
  if (candidates.length === 2)
    return (
      <div className={classes.problem} role="alert">
        <p>{t.ambiguous}</p>
        <SegmentedControl
          size="xs"
          aria-label={t.which}
          value={value.disambiguation}
          onChange={(next) => onChoose({ disambiguation: next })}
          data={[
            { value: 'earlier', label: t.candidate(utc(candidates[0])) },
            { value: 'later', label: t.candidate(utc(candidates[1])) },
          ]}
        />
      </div>
    )
  if (error !== null)
    return (
      <p className={classes.problem} role="alert">
        {problemText(error)}
      </p>
    )
  if (data === undefined) return <p className={classes.zones}>{t.asking}</p>
  return (
    <div className={classes.zones} role="status">
      <Relative at={data.instant} />
      <dl>
        {zones.map((format) => (
          <div key={format.timeZone}>
            <dt>{format.timeZone}</dt>
            <dd>{format.instant(data.instant, 'minute')}</dd>
          </div>
        ))}
      </dl>
      {data.notes.map((note) => (
        <p key={note}>{note}</p>
      ))}
    </div>
  )
}

const utc = (at: string | undefined): string => (at === undefined ? '' : `${at.slice(11, 16)} UTC`)

interface WhenFieldProps {
  label: string
  value: WallClock
  onChange(next: Partial<WallClock>): void
  error?: string | undefined
}

/** A wall clock and its zone; below it the instant that this is, as the server understands it. */
export const WhenField = ({ label, value, onChange, error }: WhenFieldProps) => {
  const t = useTexts(texts)
  const { timeZone } = usePreferences()
  const zones = useMemo(
    () => [
      ...new Set([timeZone, browserZone(), 'UTC', value.timeZone, ...Intl.supportedValuesOf('timeZone')]),
    ],
    [timeZone, value.timeZone],
  )
  return (
    <div className={classes.when}>
      <div className={classes.fields}>
        <TextInput
          size="xs"
          type="datetime-local"
          label={label}
          value={value.local}
          error={error}
          onChange={(event) => onChange({ local: event.currentTarget.value, disambiguation: '' })}
        />
        <NativeSelect
          size="xs"
          label={t.zone}
          aria-label={`${label}: ${t.zone}`}
          value={value.timeZone}
          data={zones}
          onChange={(event) => onChange({ timeZone: event.currentTarget.value, disambiguation: '' })}
        />
      </div>
      <Resolved value={value} onChoose={onChange} />
    </div>
  )
}

const texts = defineTexts(
  {
    zone: 'Time zone',
    which: 'Which of the two',
    ambiguous: 'The clocks change then: this time does not exist, or comes twice. Which instant is meant?',
    candidate: (time: string) => `The one at ${time}`,
    asking: 'Working out the instant…',
  },
  {
    zone: '시간대',
    which: '두 시각 중 선택',
    ambiguous: '이때 시계가 바뀌어 이 시각은 없거나 두 번 있습니다. 어느 시점인지 선택해 주세요.',
    candidate: (time) => `${time} 시각`,
    asking: '시각을 계산하는 중…',
  },
)
