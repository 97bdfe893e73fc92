import type { Attempt } from '../../api/types.ts'
import { useFormat, useTexts } from '../../i18n/preferences.tsx'
import { type Column, DataTable } from '../../parts/data-table.tsx'
import { Inert, InertLine } from '../../parts/inert.tsx'
import { Instant, Span } from '../../parts/moments.tsx'
import { Panel } from '../../parts/page.tsx'
import { Empty } from '../../parts/query-view.tsx'
import classes from './detail.module.css'
import { texts } from './detail-texts.ts'

const tookMs = ({ startedAt, finishedAt }: Attempt): number | null =>
  finishedAt === null ? null : new Date(finishedAt).getTime() - new Date(startedAt).getTime()

/** Every try: when, with whom, how long, and what was answered. */
export const Attempts = ({ attempts, count }: { attempts: readonly Attempt[]; count: number }) => {
  const t = useTexts(texts)
  const format = useFormat()
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
    {
      id: 'provider',
      title: t.attempts.provider,
      cell: ({ provider, providerId, statusCode }) =>
        [provider, statusCode, providerId].filter((each) => each !== null).join(' · '),
    },
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
  const answered = attempts.filter(({ response, rejected }) => response !== null || rejected.length > 0)
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
