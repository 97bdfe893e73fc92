import { NativeSelect, SegmentedControl } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useSearchState } from '../../app/search.ts'
import { usePermission, useSession } from '../../app/session.tsx'
import { useTexts } from '../../i18n/preferences.tsx'
import { BulkDialog, type BulkKind } from '../../parts/bulk-dialog.tsx'
import { Page, Panel } from '../../parts/page.tsx'
import { Empty, QueryView } from '../../parts/query-view.tsx'
import classes from './dead-letters.module.css'
import { Groups } from './groups.tsx'
import { Letters } from './letters.tsx'
import { Operations } from './operations.tsx'
import { type DeadFilter, type GroupBy, groupsQuery } from './queries.ts'
import { texts } from './texts.ts'

const QUEUES = ['log', 'email', 'webhook', 'webhooks', 'publishing']

const filterOf = (search: Readonly<Record<string, string>>): DeadFilter => ({
  ...(search['kind'] !== undefined && { kind: search['kind'] }),
  ...(search['queue'] !== undefined && { queue: search['queue'] }),
  ...(search['error'] !== undefined && { error: search['error'] }),
})

/** What has failed for good, by cause, and how to repair it: looked at first, and by all that have one cause. */
export const DeadLettersPage = () => {
  const t = useTexts(texts)
  const session = useSession()
  const permission = usePermission('operate')
  const [search, change] = useSearchState()
  const [bulk, setBulk] = useState<{ kind: BulkKind; filter: Record<string, string> } | null>(null)
  const groupBy: GroupBy = search['groupBy'] === 'provider' ? 'provider' : 'error'
  const filter = filterOf(search)
  const groups = useQuery(groupsQuery(groupBy, filter))

  if (session !== null && !permission.allowed)
    return (
      <Page title={t.title}>
        <Empty>{permission.reason}</Empty>
      </Page>
    )
  return (
    <Page title={t.title}>
      <Panel
        title={t.causes}
        hint={t.causesHint}
        actions={
          <div className={classes.controls}>
            <NativeSelect
              size="xs"
              aria-label={t.queue}
              value={search['queue'] ?? ''}
              onChange={(event) => change({ queue: event.currentTarget.value || undefined })}
              data={[{ value: '', label: t.allQueues }, ...QUEUES]}
            />
            <SegmentedControl
              size="xs"
              aria-label={t.groupBy}
              value={groupBy}
              onChange={(next) => change({ groupBy: next === 'error' ? undefined : next })}
              data={[
                { value: 'error', label: t.byError },
                { value: 'provider', label: t.byProvider },
              ]}
            />
          </div>
        }
      >
        <QueryView query={groups} isEmpty={({ groups: all }) => all.length === 0} empty={t.none}>
          {(data) => <Groups by={groupBy} data={data} filter={filter} onBulk={setBulk} />}
        </QueryView>
      </Panel>
      <Operations />
      <Letters filter={filter} onAll={() => change({ error: undefined })} />
      {bulk !== null && <BulkDialog kind={bulk.kind} filter={bulk.filter} onClose={() => setBulk(null)} />}
    </Page>
  )
}
