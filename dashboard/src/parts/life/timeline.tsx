import type { UseQueryResult } from '@tanstack/react-query'
import type { TimelineItem } from '../../api/types.ts'
import { useFormat, useTexts } from '../../i18n/preferences.tsx'
import { InertLine } from '../inert.tsx'
import { Instant } from '../moments.tsx'
import { Panel } from '../page.tsx'
import { QueryView } from '../query-view.tsx'
import classes from './life.module.css'
import { texts } from './texts.ts'
import type { Kind } from './kind.ts'
import { readChange } from './read-change.ts'

const TONES: Record<string, string> = {
  delivered: 'good',
  succeeded: 'good',
  attempt_delivered: 'good',
  attempt_succeeded: 'good',
  failed: 'bad',
  attempt_failed: 'warn',
  attempt_rejected: 'bad',
  attempt_unknown: 'warn',
  attempt_interrupted: 'warn',
  expired: 'warn',
  reconciled: 'bad',
}

/** Of these the server says, in English, what stands there in the language of the page. */
const SAID = new Set(['created', 'due', 'retry_due', 'queued', 'attempt_started'])

/** What is to be told beside the name: the error of an attempt, a reason, a note. */
const useDetail = (): ((item: TimelineItem) => string) => {
  const t = useTexts(texts)
  const format = useFormat()
  const reasons: Record<string, string> = t.reasons
  return ({ type, detail }) => {
    if (SAID.has(type)) return ''
    const said = readChange(detail)
    if (said !== null) {
      const name = t.timeline.changes[said.change]
      const text = said.edited === null ? name : t.timeline.edited(name, said.edited)
      const at = said.nextAttemptAt
      return at === null ? text : t.timeline.next(text, format.instant(at, 'second'))
    }
    const [, error, reason, more = ''] =
      /^attempt \d+ ran(?:: )?(.*)$|^final(?:: (\w+))?(.*)$/su.exec(detail) ?? []
    if (error !== undefined) return error
    return reason === undefined ? detail.replace(/^final$/u, '') : `${reasons[reason] ?? reason}${more}`
  }
}

/** Below it a bar would not be seen. */
const LEAST_PERCENT = 0.5

interface TimelineProps {
  kind: Kind
  query: UseQueryResult<{ items: TimelineItem[] }>
}

/** All that happened, in order: each wait with its reason, and the waits adding up to the whole. */
export const Timeline = ({ kind, query }: TimelineProps) => {
  const t = useTexts(texts)
  const format = useFormat()
  return (
    <Panel title={t.timeline.title}>
      <QueryView query={query} lines={6}>
        {({ items }) => {
          const total = items.reduce((sum, { waitMs }) => sum + waitMs, 0)
          return (
            <>
              <ol className={classes.timeline}>
                {items.map((item, i) => (
                  <Moment key={`${i} ${item.type}`} {...{ kind, item, total }} />
                ))}
              </ol>
              <p className={classes.total}>
                {t.timeline.total} <strong>{format.span(total)}</strong>
              </p>
            </>
          )
        }}
      </QueryView>
    </Panel>
  )
}

const Moment = ({ kind, item, total }: { kind: Kind; item: TimelineItem; total: number }) => {
  const t = useTexts(texts)
  const format = useFormat()
  const names: Record<string, string> = t.timeline.types
  const waits: Record<string, string> = t.timeline.waits
  const percent = total === 0 ? 0 : (item.waitMs / total) * 100
  const isEnd = item.type !== 'attempt_started' && item.type.startsWith('attempt_')
  const because = isEnd ? t.timeline.attempt[kind] : waits[item.type]
  const detail = useDetail()(item)
  return (
    <li data-tone={TONES[item.type] ?? 'idle'}>
      {item.waitMs > 0 && (
        <div className={classes.wait}>
          <span className={classes.waitBar} style={{ width: `${Math.max(LEAST_PERCENT, percent)}%` }} />
          <span>
            + {format.span(item.waitMs)} {because !== undefined && `· ${because}`}
          </span>
        </div>
      )}
      <div className={classes.moment}>
        <strong>{names[item.type] ?? item.type}</strong>
        <Instant at={item.at} precision="ms" />
        {detail !== '' && (
          <span className={classes.detail}>
            <InertLine text={detail} most={500} />
          </span>
        )}
      </div>
    </li>
  )
}
