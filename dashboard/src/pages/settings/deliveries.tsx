import { Button, NativeSelect } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../../api/client.ts'
import { useFormat, useTexts } from '../../i18n/preferences.tsx'
import { ActionButton } from '../../parts/action-button.tsx'
import { type Column, DataTable } from '../../parts/data-table.tsx'
import { InertLine } from '../../parts/inert.tsx'
import { Instant } from '../../parts/moments.tsx'
import { QueryView } from '../../parts/query-view.tsx'
import { StateBadge, stateTexts } from '../../parts/state-badge.tsx'
import { useAction } from '../../parts/use-action.ts'
import { deliveriesQuery, type Delivery, type Webhook } from './queries.ts'
import classes from './settings.module.css'
import { texts } from './texts.ts'

/** Those that the server finds by an index, and no others. */
const STATES = ['retrying', 'failed'] as const

/** What was delivered to an endpoint, or is to be, the newest first. */
export const Deliveries = ({ webhook }: { webhook: Webhook }) => {
  const t = useTexts(texts)
  const states = useTexts(stateTexts)
  const format = useFormat()
  const [state, setState] = useState('')
  const query = useInfiniteQuery(deliveriesQuery(webhook.id, state))
  const resend = useAction({
    run: (eventId: string) =>
      api.post('/v1/webhooks/{id}/resend', { path: { id: webhook.id }, body: { eventId } }),
    touches: [['settings', 'deliveries']],
    done: ({ count }) => t.webhooks.resent(format.number(count)),
  })
  const columns: Column<Delivery>[] = [
    {
      id: 'type',
      title: t.webhooks.event,
      cell: ({ type, eventId }) => (
        <>
          <code>{type}</code>
          <div className={classes.dimmed}>evt_{eventId}</div>
        </>
      ),
    },
    {
      id: 'state',
      title: t.state,
      cell: ({ state: each, reason, error, statusCode }) => (
        <>
          <StateBadge state={each} />
          {(statusCode !== null || error !== null || reason !== null) && (
            <div className={classes.reason}>
              <InertLine
                text={[statusCode, error?.message ?? reason].filter((part) => part !== null).join(' · ')}
                most={120}
              />
            </div>
          )}
        </>
      ),
    },
    {
      id: 'attempts',
      title: t.webhooks.attempts,
      isNumber: true,
      cell: ({ attempts }) => format.number(attempts),
    },
    { id: 'eventAt', title: t.webhooks.eventAt, cell: ({ eventAt }) => <Instant at={eventAt} /> },
    { id: 'next', title: t.webhooks.next, cell: ({ nextAttemptAt }) => <Instant at={nextAttemptAt} /> },
    { id: 'finished', title: t.webhooks.finished, cell: ({ finishedAt }) => <Instant at={finishedAt} /> },
    {
      id: 'act',
      title: t.act,
      cell: ({ eventId, type }) => (
        <ActionButton
          needs="admin"
          variant="default"
          size="compact-xs"
          aria-label={t.webhooks.resendOne(eventId)}
          unless={
            webhook.state === 'active'
              ? type === 'webhook.test'
                ? t.webhooks.noTest
                : null
              : t.webhooks.isDisabled
          }
          onClick={() => resend.mutate(eventId)}
        >
          {t.webhooks.resend}
        </ActionButton>
      ),
    },
  ]
  return (
    <>
      <div className={classes.filters}>
        <NativeSelect
          size="xs"
          label={t.state}
          value={state}
          data={[{ value: '', label: t.any }, ...STATES.map((value) => ({ value, label: states[value] }))]}
          onChange={(event) => setState(event.currentTarget.value)}
        />
      </div>
      <QueryView
        query={query}
        isEmpty={({ pages }) => pages.every(({ items }) => items.length === 0)}
        empty={state === '' ? t.webhooks.noDeliveries : t.noneFound}
      >
        {({ pages }) => (
          <DataTable
            label={t.webhooks.deliveries}
            columns={columns}
            rows={pages.flatMap(({ items }) => items)}
            keyOf={({ id }) => id}
          />
        )}
      </QueryView>
      {query.hasNextPage && (
        <Button
          variant="subtle"
          size="xs"
          loading={query.isFetchingNextPage}
          onClick={() => void query.fetchNextPage()}
        >
          {t.older}
        </Button>
      )}
    </>
  )
}
