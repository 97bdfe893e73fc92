import { useQuery } from '@tanstack/react-query'
import { usePermission, useSession } from '../../app/session.tsx'
import { useTexts } from '../../i18n/preferences.tsx'
import { Page, Panel } from '../../parts/page.tsx'
import { Empty, QueryView } from '../../parts/query-view.tsx'
import { queuesQuery, workersQuery } from './queries.ts'
import { QueueTable } from './queue-table.tsx'
import { texts } from './texts.ts'
import { WorkerTable } from './worker-table.tsx'

/** What waits where, how fast it goes, and who does it. */
export const QueuesPage = () => {
  const t = useTexts(texts)
  const session = useSession()
  const permission = usePermission('operate')
  const queues = useQuery(queuesQuery)
  const workers = useQuery(workersQuery)
  if (session !== null && !permission.allowed)
    return (
      <Page title={t.title}>
        <Empty>{permission.reason}</Empty>
      </Page>
    )
  return (
    <Page title={t.title}>
      <Panel title={t.queues} hint={t.queuesHint}>
        <QueryView query={queues} lines={4}>
          {({ items }) => <QueueTable queues={items} />}
        </QueryView>
      </Panel>
      <Panel title={t.workers} hint={t.workersHint}>
        <QueryView query={workers} isEmpty={({ items }) => items.length === 0} empty={t.noWorkers}>
          {({ items }) => <WorkerTable workers={items} />}
        </QueryView>
      </Panel>
    </Page>
  )
}
