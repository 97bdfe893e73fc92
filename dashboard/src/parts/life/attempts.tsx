import type { Attempt as Sent } from '../../api/types.ts'
import { useFormat, useTexts } from '../../i18n/preferences.tsx'
import { type Column, DataTable } from '../data-table.tsx'
import { Inert, InertLine } from '../inert.tsx'
import { Instant, Span } from '../moments.tsx'
import { Panel } from '../page.tsx'
import { Empty } from '../query-view.tsx'
import classes from './life.module.css'
import { texts } from './texts.ts'

/** What is told of an attempt, whatever was attempted; the answers are those of somebody to whom something was sent. */
export interface Attempt extends Pick<Sent, 'number' | 'startedAt' | 'finishedAt' | 'lateMs' | 'error'> {
  outcome: Sent['outcome'] | 'succeeded'
  sent?: Pick<Sent, 'provider' | 'providerId' | 'statusCode' | 'response' | 'rejected'>
}

const tookMs = ({ startedAt, finishedAt }: Attempt): number | null =>
  finishedAt === null ? null : new Date(finishedAt).getTime() - new Date(startedAt).getTime()

/** Every try: when, with whom, how long, and what was answered. */
export const Attempts = ({ attempts, count }: { attempts: readonly Attempt[]; count: number }) => {
  const t = useTexts(texts)
  const format = useFormat()
  const provider: Column<Attempt> = {
    id: 'provider',
    title: t.attempts.provider,
    cell: ({ sent }) =>
      [sent?.provider, sent?.statusCode, sent?.providerId]
        .filter((each) => each !== null && each !== undefined)
        .join(' · '),
  }
  const columns: Column<Attempt>[] = [
    { id: 'number', title: t.attempts.number, isNumber: true, cell: ({ number }) => format.number(number) },
    {
      id: 'outcome',
      title: t.attempts.outcome,
      cell: ({ outcome }) => (
        <span className={classes.outcome} data-outcome={outcome ?? 'running'}>
          {t.attempts.outcomes[outcome ?? 'running']}
        </span>
      ),
    },
    {
      id: 'started',
      title: t.attempts.startedAt,
      cell: ({ startedAt }) => <Instant at={startedAt} precision="ms" />,
    },
    { id: 'late', title: t.attempts.late, isNumber: true, cell: ({ lateMs }) => <Span ms={lateMs} /> },
    { id: 'took', title: t.attempts.took, isNumber: true, cell: (attempt) => <Span ms={tookMs(attempt)} /> },
    ...(attempts.some(({ sent }) => sent !== undefined) ? [provider] : []),
    {
      id: 'error',
      title: t.attempts.error,
      cell: ({ error }) =>
        error !== null && (
          <>
            <code>{error.code}</code> <InertLine text={error.message} most={200} />
          </>
        ),
    },
  ]
  const answered = attempts.flatMap(({ number, sent }) =>
    sent !== undefined && (sent.response !== null || sent.rejected.length > 0) ? [{ number, ...sent }] : [],
  )
  return (
    <Panel title={t.attempts.title}>
      {attempts.length === 0 ? (
        <Empty>{t.attempts.none}</Empty>
      ) : (
        <>
          <DataTable
            label={t.attempts.title}
            columns={columns}
            rows={attempts}
            keyOf={({ number, startedAt }) => `${number} ${startedAt}`}
          />
          {attempts.length < count && (
            <p className={classes.dimmed}>{t.attempts.first(format.number(attempts.length))}</p>
          )}
          {answered.map(({ number, response, rejected }) => (
            <details key={number}>
              <summary>{t.attempts.answer(format.number(number))}</summary>
              {rejected.map(({ address, message }) => (
                <p key={address}>
                  <InertLine text={`${address}: ${message}`} />
                </p>
              ))}
              {response !== null && (
                <Inert text={response} label={t.attempts.answer(format.number(number))} />
              )}
            </details>
          ))}
        </>
      )}
    </Panel>
  )
}
