import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { Notification } from '../../api/types.ts'
import { useFormat, useTexts } from '../../i18n/preferences.tsx'
import { InertLine } from '../../parts/inert.tsx'
import { Instant, Relative, Span } from '../../parts/moments.tsx'
import { Panel } from '../../parts/page.tsx'
import { StateBadge } from '../../parts/state-badge.tsx'
import classes from './detail.module.css'
import { texts } from './detail-texts.ts'
import { recipientOf } from './rows.ts'

const Fact = ({ name, children }: { name: string; children: ReactNode }) => (
  <div>
    <dt>{name}</dt>
    <dd>{children}</dd>
  </div>
)

export const Facts = ({ notification: n }: { notification: Notification }) => {
  const t = useTexts(texts)
  const format = useFormat()
  const { limit, delaySeconds, backoff, maxDelaySeconds } = n.retry
  return (
    <Panel title={t.facts.title}>
      <dl className={classes.facts}>
        <Fact name={t.facts.state}>
          <StateBadge state={n.state} />
          {n.reason !== null && <span className={classes.reason}>{t.reasons[n.reason]}</span>}
        </Fact>
        <Fact name={t.facts.channel}>{n.channel}</Fact>
        {recipientOf(n.to) !== '' && (
          <Fact name={t.facts.to}>
            <InertLine text={recipientOf(n.to)} most={2000} />
          </Fact>
        )}
        <Fact name={t.facts.dueAt}>
          <Instant at={n.dueAt} precision="ms" />{' '}
          <span className={classes.dimmed}>
            (<Relative at={n.dueAt} />)
          </span>
        </Fact>
        {n.nextAttemptAt !== null && n.nextAttemptAt !== n.dueAt && (
          <Fact name={t.facts.nextAttemptAt}>
            <Instant at={n.nextAttemptAt} precision="ms" />{' '}
            <span className={classes.dimmed}>
              (<Relative at={n.nextAttemptAt} />)
            </span>
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
          {t.facts.retries(
            format.number(limit),
            format.span(delaySeconds * 1000),
            t.facts[backoff],
            format.span(maxDelaySeconds * 1000),
          )}
        </Fact>
        <Fact name={t.facts.onUnknown}>{t.facts.unknown[n.onUnknown]}</Fact>
        <Fact name={t.facts.timeout}>{format.span(n.timeoutSeconds * 1000)}</Fact>
        <Fact name={t.facts.priority}>{format.number(n.priority)}</Fact>
        {n.groupKey !== null && (
          <Fact name={t.facts.groupKey}>
            <Link to="/notifications" search={{ groupKey: n.groupKey }}>
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
              <Link key={tag} to="/notifications" search={{ tag }} className={classes.tag}>
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
