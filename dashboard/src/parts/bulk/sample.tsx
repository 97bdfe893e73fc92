import { useFormat, useTexts } from '../../i18n/preferences.tsx'
import { InertLine } from '../inert.tsx'
import { Instant } from '../moments.tsx'
import { StateBadge } from '../state-badge.tsx'
import classes from './bulk.module.css'
import { type BulkSubject, type Sampled, SUBJECTS } from './subjects.ts'
import { texts } from './texts.ts'

/** What a dry run answers. */
export interface Preview {
  matched: number
  more: boolean
  sample: readonly Sampled[]
}

/** How many would be changed, and the first of them. */
export const Sample = ({ subject, preview }: { subject: BulkSubject; preview: Preview }) => {
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
          </li>
        ))}
      </ul>
      {preview.matched > preview.sample.length && (
        <p className={classes.more}>{t.others(format.number(preview.matched - preview.sample.length))}</p>
      )}
    </div>
  )
}
