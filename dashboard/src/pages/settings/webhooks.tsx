import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useSearchState } from '../../app/search.ts'
import { useTexts } from '../../i18n/preferences.tsx'
import { ActionButton } from '../../parts/action-button.tsx'
import { type Column, DataTable } from '../../parts/data-table.tsx'
import { InertLine } from '../../parts/inert.tsx'
import { Instant } from '../../parts/moments.tsx'
import { Panel } from '../../parts/page.tsx'
import { QueryView } from '../../parts/query-view.tsx'
import { StateBadge } from '../../parts/state-badge.tsx'
import { type Webhook, webhooksQuery } from './queries.ts'
import classes from './settings.module.css'
import { texts } from './texts.ts'
import { WebhookDetail } from './webhook-detail.tsx'
import { WebhookForm } from './webhook-form.tsx'

/** Endpoints, and below them the one that is chosen, with what is delivered to it. */
export const Webhooks = () => {
  const t = useTexts(texts)
  const [search] = useSearchState()
  const query = useQuery(webhooksQuery)
  const [isNew, setNew] = useState(false)
  const chosen = query.data?.find(({ id }) => id === search['webhook'])
  const columns: Column<Webhook>[] = [
    {
      id: 'url',
      title: t.webhooks.url,
      cell: ({ id, url, description }) => (
        <div className={classes.url}>
          <Link to="/settings" search={{ tab: 'webhooks', webhook: id }} resetScroll={false}>
            <InertLine text={url} most={160} />
          </Link>
          {description !== null && (
            <div className={classes.dimmed}>
              <InertLine text={description} most={160} />
            </div>
          )}
        </div>
      ),
    },
    {
      id: 'types',
      title: t.webhooks.types,
      cell: ({ types }) => <span className={classes.small}>{types.join(', ')}</span>,
    },
    {
      id: 'state',
      title: t.state,
      cell: ({ state, disabledReason }) => (
        <>
          <StateBadge state={state} />
          {disabledReason !== null && (
            <div className={classes.dimmed}>{t.webhooks.reasons[disabledReason]}</div>
          )}
        </>
      ),
    },
    {
      id: 'failing',
      title: t.webhooks.failingSince,
      cell: ({ failingSince }) => <Instant at={failingSince} precision="minute" />,
    },
    {
      id: 'created',
      title: t.created,
      cell: ({ createdAt }) => <Instant at={createdAt} precision="minute" />,
    },
  ]
  return (
    <>
      <Panel
        title={t.tabs.webhooks}
        hint={t.webhooks.hint}
        actions={
          <ActionButton needs="admin" size="xs" onClick={() => setNew(true)}>
            {t.webhooks.fresh}
          </ActionButton>
        }
      >
        <QueryView query={query} isEmpty={(all) => all.length === 0} empty={t.webhooks.none}>
          {(all) => <DataTable label={t.tabs.webhooks} columns={columns} rows={all} keyOf={({ id }) => id} />}
        </QueryView>
      </Panel>
      {chosen !== undefined && <WebhookDetail key={chosen.id} webhook={chosen} />}
      {isNew && <WebhookForm webhook={null} onClose={() => setNew(false)} />}
    </>
  )
}
