import { useFormat, useTexts } from '../../i18n/preferences.tsx'
import { InertLine } from '../inert.tsx'
import { Instant } from '../moments.tsx'
import { StateBadge } from '../state-badge.tsx'
import classes from './bulk.module.css'
import { type Refusal, Refusals } from './refusals.tsx'
import { type BulkSubject, type Sampled, SUBJECTS } from './subjects.ts'
import { texts } from './texts.ts'

/** What a dry run answers. */
export interface Preview {
  matched: number
  more: boolean
  /** Where they are edited, as they would be. */
  sample: readonly Sampled[]
  /** Of the sample, those that do not bear the edit. */
  refusals?: readonly Refusal[]
}

interface SampleProps {
  subject: BulkSubject
  preview: Preview
  /** The fields that are edited. */
  edited: readonly string[]
}

/** How many would be changed, and the first of them. */
export const Sample = ({ subject, preview, edited }: SampleProps) => {
  const t = useTexts(texts)
  const format = useFormat()
  const { titleOf } = SUBJECTS[subject]
  return (
    <div>
      <p className={classes.count}>
        <strong>{t.matched(format.number(preview.matched), preview.more)}</strong>
      </p>
      <ul className={classes.sample} aria-label={t.sample}>
        {preview.sample.map((item) => (
          <li key={item.id}>
            <StateBadge state={item.state} />
            <InertLine text={titleOf(item as never)} most={80} />
            <Instant at={item.dueAt} />
            {edited.length > 0 && (
              <span className={classes.edited}>
                {edited.map((name) => (
                  <InertLine key={name} text={`${name}: ${shownValue(item[name])} `} most={160} />
                ))}
              </span>
            )}
          </li>
        ))}
      </ul>
      {preview.refusals !== undefined && preview.refusals.length > 0 && (
        <>
          <p role="alert">{t.refused(format.number(preview.refusals.length))}</p>
          <Refusals subject={subject} refusals={preview.refusals} />
        </>
      )}
      {preview.matched > preview.sample.length && (
        <p className={classes.more}>{t.others(format.number(preview.matched - preview.sample.length))}</p>
      )}
    </div>
  )
}

const shownValue = (value: unknown): string => {
  if (value === undefined || value === null) return '–'
  return typeof value === 'string' ? value : JSON.stringify(value)
}
