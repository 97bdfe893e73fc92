import { useQuery } from '@tanstack/react-query'
import { useFormat, useTexts } from '../../i18n/preferences.tsx'
import { defineTexts } from '../../i18n/texts.ts'
import { Relative } from '../moments.tsx'
import { ProblemText } from '../problem-text.tsx'
import { Loading } from '../query-view.tsx'
import { previewQuery, type PreviewRun, type Rule } from './preview-query.ts'
import classes from './rule.module.css'
import { useSettled } from './use-settled.ts'

/** Runs one below the other, by the clocks of the rule's own zone; what a change of the clocks does to one stands beside. */
export const Runs = ({ runs, timeZone }: { runs: readonly PreviewRun[]; timeZone: string }) => {
  const t = useTexts(texts)
  const format = useFormat()
  return (
    <ol className={classes.runs} aria-label={t.runs}>
      {runs.map(({ at, local, note }) => (
        <li key={at}>
          <time dateTime={at} title={format.full(at)}>
            {local.replace('T', ' ').slice(0, local.endsWith(':00') && local.length === 19 ? 16 : 19)}
          </time>
          {timeZone !== format.timeZone && (
            <span className={classes.dimmed}>
              {format.instant(at, 'minute')} {format.timeZone}
            </span>
          )}
          <span className={classes.dimmed}>
            <Relative at={at} />
          </span>
          {note !== null && <strong className={classes.note}>{t.notes[note]}</strong>}
        </li>
      ))}
    </ol>
  )
}

/** A rule in words as it is typed, and when it would run next. `null`: nothing was typed yet. */
export const RulePreview = ({ rule, count = 5 }: { rule: Rule | null; count?: number }) => {
  const t = useTexts(texts)
  const { language } = useFormat()
  const settled = useSettled(rule)
  const { data, error, isFetching } = useQuery(previewQuery(settled, language, count))
  if (rule === null) return <p className={classes.dimmed}>{t.empty}</p>
  return (
    <div className={classes.preview} aria-busy={isFetching} aria-live="polite">
      {error !== null ? (
        <div className={classes.refused}>
          <ProblemText problem={error} />
        </div>
      ) : data === undefined ? (
        <Loading lines={2} />
      ) : (
        <>
          <p className={classes.words}>{data.text}</p>
          <Runs runs={data.runs} timeZone={rule.timeZone} />
        </>
      )}
    </div>
  )
}

const texts = defineTexts(
  {
    empty: 'The rule is put into words here as it is typed.',
    runs: 'Next runs',
    notes: {
      dst_gap: 'Clocks go forward: moved to the next time that exists',
      dst_overlap: 'Clocks go back: this time comes twice',
    },
  },
  {
    empty: '규칙을 입력하면 여기에 말로 풀어 보여 줍니다.',
    runs: '다음 실행',
    notes: {
      dst_gap: '시계가 앞당겨짐: 존재하는 다음 시각으로 이동',
      dst_overlap: '시계가 늦춰짐: 이 시각이 두 번 있음',
    },
  },
)
