import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { Notification } from '../../api/types.ts'
import { useFormat, useTexts } from '../../i18n/preferences.tsx'
import { InertLine } from '../inert.tsx'
import { Instant, Relative, Span } from '../moments.tsx'
import { Panel } from '../page.tsx'
import { StateBadge } from '../state-badge.tsx'
import type { ListOf } from './kind.ts'
import classes from './life.module.css'
import { texts } from './texts.ts'

export const Fact = ({ name, children }: { name: string; children: ReactNode }) => (
  <div>
    <dt>{name}</dt>
    <dd>{children}</dd>
  </div>
)

const SECOND_MS = 1_000

type Shared = 'retry' | 'timeoutSeconds' | 'priority' | 'groupKey' | 'dedupeKey' | 'tags' | 'version'
type Moments = 'dueAt' | 'nextAttemptAt' | 'lateMs' | 'expiresAt' | 'createdAt' | 'finishedAt'

interface LifeFactsProps {
  of: Pick<Notification, Shared | Moments> & { state: string; reason: string | null }
  /** Where those of its group or with its tags are found. */
  list: ListOf
  /** What it has beside: after its state, and after its retries. */
  children: ReactNode
  more?: ReactNode
}

const At = ({ at }: { at: string }) => (
  <>
    <Instant at={at} precision="ms" />{' '}
    <span className={classes.dimmed}>
      (<Relative at={at} />)
    </span>
  </>
)

/** What it is: what all have that are due, tried and ended. */
export const LifeFacts = ({ of: n, list, children, more }: LifeFactsProps) => {
  const t = useTexts(texts)
  const format = useFormat()
  const reasons: Readonly<Record<string, string>> = t.reasons
  const { limit, delaySeconds, backoff, maxDelaySeconds } = n.retry
  const span = (seconds: number) => format.span(seconds * SECOND_MS)
  return (
    <Panel title={t.facts.title}>
      <dl className={classes.facts}>
        <Fact name={t.facts.state}>
          <StateBadge state={n.state} />
          {n.reason !== null && <span className={classes.reason}>{reasons[n.reason] ?? n.reason}</span>}
        </Fact>
        {children}
        <Fact name={t.facts.dueAt}>
          <At at={n.dueAt} />
        </Fact>
        {n.nextAttemptAt !== null && n.nextAttemptAt !== n.dueAt && (
          <Fact name={t.facts.nextAttemptAt}>
            <At at={n.nextAttemptAt} />
          </Fact>
        )}
        {n.lateMs !== null && (
          <Fact name={t.facts.lateMs}>
            <Span ms={n.lateMs} />
          </Fact>
        )}
        {n.expiresAt !== null && (
          <Fact name={t.facts.expiresAt}>
            <Instant at={n.expiresAt} />
          </Fact>
        )}
        <Fact name={t.facts.createdAt}>
          <Instant at={n.createdAt} precision="ms" />
        </Fact>
        {n.finishedAt !== null && (
          <Fact name={t.facts.finishedAt}>
            <Instant at={n.finishedAt} precision="ms" />
          </Fact>
        )}
        <Fact name={t.facts.retry}>
          {t.facts.retries(format.number(limit), span(delaySeconds), t.facts[backoff], span(maxDelaySeconds))}
        </Fact>
        {more}
        <Fact name={t.facts.timeout}>{span(n.timeoutSeconds)}</Fact>
        <Fact name={t.facts.priority}>{format.number(n.priority)}</Fact>
        {n.groupKey !== null && (
          <Fact name={t.facts.groupKey}>
            <Link to={list} search={{ groupKey: n.groupKey }}>
              <InertLine text={n.groupKey} />
            </Link>
          </Fact>
        )}
        {n.dedupeKey !== null && (
          <Fact name={t.facts.dedupeKey}>
            <InertLine text={n.dedupeKey} />
          </Fact>
        )}
        {n.tags.length > 0 && (
          <Fact name={t.facts.tags}>
            {n.tags.map((tag) => (
              <Link key={tag} to={list} search={{ tag }} className={classes.tag}>
                <InertLine text={tag} />
              </Link>
            ))}
          </Fact>
        )}
        <Fact name={t.facts.version}>{format.number(n.version)}</Fact>
      </dl>
    </Panel>
  )
}
