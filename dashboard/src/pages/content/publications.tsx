import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { api } from '../../api/client.ts'
import { Problem } from '../../api/problem.ts'
import { useFormat, useTexts } from '../../i18n/preferences.tsx'
import { ActionButton } from '../../parts/action-button.tsx'
import { type Column, DataTable } from '../../parts/data-table.tsx'
import { InertLine } from '../../parts/inert.tsx'
import { Instant, Span } from '../../parts/moments.tsx'
import { Panel } from '../../parts/page.tsx'
import { QueryView } from '../../parts/query-view.tsx'
import { StateBadge, stateTexts } from '../../parts/state-badge.tsx'
import { useAction } from '../../parts/use-action.ts'
import classes from './content.module.css'
import { texts } from './item-texts.ts'
import { type Identity, type Publication, publicationsQuery } from './queries.ts'

const RETRYABLE = new Set(['failed', 'missed', 'canceled'])

/** Cancels what waits, and tries again what came to nothing; where it was too late, it says as what it ended. */
const PublicationAction = ({ publication }: { publication: Publication }) => {
  const t = useTexts(texts)
  const states: Record<string, string> = useTexts(stateTexts)
  const { id, state, releaseId } = publication
  const refused = (problem: unknown): string | null => {
    if (!(problem instanceof Problem) || problem.code !== 'already-final') return null
    const name = String(problem.document['state'])
    return t.publications.tooLate(states[name] ?? name)
  }
  const shared = { touches: [['content'], ['overview']], refused }
  const path = { id }
  const cancel = useAction({
    ...shared,
    run: () => api.post('/v1/publications/{id}/cancel', { path }),
    done: () => t.publications.canceled,
  })
  const retry = useAction({
    ...shared,
    run: (revision: 'pinned' | 'draft') =>
      api.post('/v1/publications/{id}/retry', { path, body: { revision } }),
    done: () => t.publications.retried,
  })
  const unless = releaseId === null ? null : t.publications.byRelease
  const look = { needs: 'content:publish', variant: 'default', size: 'compact-xs', unless } as const
  if (state === 'scheduled')
    return (
      <ActionButton {...look} loading={cancel.isPending} onClick={() => cancel.mutate()}>
        {t.publications.cancel}
      </ActionButton>
    )
  if (!RETRYABLE.has(state)) return null
  const busy = { ...look, loading: retry.isPending }
  return (
    <>
      <ActionButton {...busy} onClick={() => retry.mutate('pinned')}>
        {t.publications.retry}
      </ActionButton>
      {publication.revision !== null && (
        <ActionButton {...busy} onClick={() => retry.mutate('draft')}>
          {t.publications.retryDraft}
        </ActionButton>
      )}
    </>
  )
}

interface PublicationsProps {
  filter: { type?: string; id?: string; releaseId?: string }
  /** Of one item: the API lists all locales of its id. */
  identity?: Identity
}

/** What was scheduled, and what became of it: as what it ended, when, and how late. */
export const Publications = ({ filter, identity }: PublicationsProps) => {
  const t = useTexts(texts)
  const format = useFormat()
  const query = useQuery(publicationsQuery(filter))
  const reasonOf = (reason: string): string =>
    reason.startsWith('by ') ? t.publications.later : (t.publications.reasons[reason] ?? reason)
  const columns: Column<Publication>[] = [
    ...(identity === undefined
      ? [
          {
            id: 'item',
            title: t.publications.item,
            cell: (p: Publication) => (
              <Link
                to="/content/$type/$id"
                params={{ type: p.type, id: p.resourceId }}
                search={p.locale === '' ? {} : { locale: p.locale }}
              >
                <InertLine text={`${p.resourceId}${p.locale === '' ? '' : ` (${p.locale})`}`} most={80} />
              </Link>
            ),
          },
        ]
      : []),
    {
      id: 'action',
      title: t.publications.action,
      cell: ({ action, revision, releaseId }) => (
        <>
          {t.actions[action]}
          {revision !== null && ` · ${format.number(revision)}`}
          {releaseId !== null && filter.releaseId === undefined && (
            <>
              {' · '}
              <Link to="/content/release/$id" params={{ id: releaseId }}>
                {t.schedule.ofRelease}
              </Link>
            </>
          )}
        </>
      ),
    },
    {
      id: 'state',
      title: t.publications.state,
      cell: ({ state, reason, error }) => (
        <>
          <StateBadge state={state} />
          {(error !== null || reason !== null) && (
            <div className={classes.reason}>
              <InertLine text={error?.message ?? reasonOf(reason ?? '')} most={400} />
            </div>
          )}
        </>
      ),
    },
    { id: 'due', title: t.publications.due, cell: ({ dueAt }) => <Instant at={dueAt} /> },
    {
      id: 'executed',
      title: t.publications.executed,
      cell: ({ executedAt }) => <Instant at={executedAt} precision="ms" />,
    },
    {
      id: 'late',
      title: t.publications.late,
      isNumber: true,
      cell: ({ lateMs }) => <Span ms={lateMs} />,
    },
    {
      id: 'act',
      title: t.publications.act,
      cell: (publication) => <PublicationAction publication={publication} />,
    },
  ]
  return (
    <Panel title={t.publications.title}>
      <QueryView query={query} isEmpty={(all) => all.length === 0} empty={t.publications.none}>
        {(all) => (
          <DataTable
            label={t.publications.title}
            columns={columns}
            rows={all.filter(({ locale }) => identity === undefined || locale === identity.locale)}
            keyOf={({ id }) => id}
          />
        )}
      </QueryView>
    </Panel>
  )
}
