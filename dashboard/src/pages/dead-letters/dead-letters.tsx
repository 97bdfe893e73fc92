import { SegmentedControl } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useSearchState } from '../../app/search.ts'
import { usePermission, useSession } from '../../app/session.tsx'
import { useTexts } from '../../i18n/preferences.tsx'
import { type BulkChange, BulkDialog } from '../../parts/bulk/bulk-dialog.tsx'
import { ChoiceOf } from '../../parts/choice-of.tsx'
import { Page, Panel } from '../../parts/page.tsx'
import { Empty, QueryView } from '../../parts/query-view.tsx'
import classes from './dead-letters.module.css'
import { Groups } from './groups.tsx'
import { Letters } from './letters.tsx'
import { Operations } from './operations.tsx'
import { type DeadFilter, type GroupBy, groupsQuery, KINDS, queueNamesQuery } from './queries.ts'
import { texts } from './texts.ts'

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
  const [bulk, setBulk] = useState<BulkChange | null>(null)
  const groupBy: GroupBy = search['groupBy'] === 'provider' ? 'provider' : 'error'
  const filter = filterOf(search)
  const groups = useQuery(groupsQuery(groupBy, filter))
  const queues = useQuery({ ...queueNamesQuery, enabled: permission.allowed })

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
            <ChoiceOf
              label={t.kind}
              any={t.allKinds}
              value={filter.kind}
              choices={KINDS.map((value) => ({ value, label: t.kindNames[value] }))}
              onChange={(kind) => change({ kind })}
            />
            <ChoiceOf
              label={t.queue}
              any={t.allQueues}
              value={filter.queue}
              choices={(queues.data ?? []).map((value) => ({ value, label: value }))}
              onChange={(queue) => change({ queue })}
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
      <Letters filter={filter} onAll={() => change({ error: undefined, kind: undefined })} />
      {bulk !== null && <BulkDialog {...bulk} onClose={() => setBulk(null)} />}
    </Page>
  )
}
