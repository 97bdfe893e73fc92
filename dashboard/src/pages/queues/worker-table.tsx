import { Progress } from '@mantine/core'
import type { Worker } from '../../api/types.ts'
import { useFormat, useTexts } from '../../i18n/preferences.tsx'
import { type Column, DataTable } from '../../parts/data-table.tsx'
import { Relative } from '../../parts/moments.tsx'
import { StateBadge } from '../../parts/state-badge.tsx'
import { ofLane } from './contents.ts'
import { ContentsLink } from './contents-link.tsx'
import classes from './queues.module.css'
import { texts } from './texts.ts'

/** Who is alive, and what each has in hand of what it could. */
export const WorkerTable = ({ workers }: { workers: readonly Worker[] }) => {
  const t = useTexts(texts)
  const columns: Column<Worker>[] = [
    {
      id: 'who',
      title: t.process,
      cell: ({ host, pid }) => (
        <>
          <strong>{host}</strong> <span className={classes.dimmed}>pid {pid}</span>
        </>
      ),
    },
    { id: 'state', title: t.state, cell: ({ alive }) => <StateBadge state={alive ? 'alive' : 'lost'} /> },
    { id: 'roles', title: t.roles, cell: ({ roles }) => roles.join(', ') },
    { id: 'version', title: t.version, cell: ({ version }) => version },
    { id: 'started', title: t.started, cell: ({ startedAt }) => <Relative at={startedAt} /> },
    { id: 'seen', title: t.seen, cell: ({ seenAt }) => <Relative at={seenAt} /> },
    { id: 'lanes', title: t.doing, cell: (worker) => <Lanes worker={worker} /> },
  ]
  return <DataTable label={t.workers} columns={columns} rows={workers} keyOf={({ id }) => id} />
}

const Lanes = ({ worker }: { worker: Worker }) => {
  const t = useTexts(texts)
  const format = useFormat()
  return (
    <ul className={classes.lanes}>
      {worker.lanes.map(({ queue, running, concurrency }) => (
        <li key={queue}>
          <ContentsLink of={ofLane(queue)} isRunning>
            {queue}
          </ContentsLink>
          <Progress
            value={concurrency === 0 ? 0 : (running / concurrency) * 100}
            size="sm"
            aria-label={t.ofLanes(queue, format.number(running), format.number(concurrency))}
          />
          <span className={classes.dimmed}>
            {format.number(running)}/{format.number(concurrency)}
          </span>
        </li>
      ))}
    </ul>
  )
}
