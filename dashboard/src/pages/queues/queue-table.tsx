import { useQuery } from '@tanstack/react-query'
import { api } from '../../api/client.ts'
import { Problem } from '../../api/problem.ts'
import type { Queue } from '../../api/types.ts'
import { Icon } from '../../app/icons.tsx'
import { usePermission } from '../../app/session.tsx'
import { useFormat, useTexts } from '../../i18n/preferences.tsx'
import { ActionButton } from '../../parts/action-button.tsx'
import { type Column, DataTable } from '../../parts/data-table.tsx'
import { StateBadge } from '../../parts/state-badge.tsx'
import { useAction } from '../../parts/use-action.ts'
import { tasksQuery } from '../../parts/tasks-query.ts'
import { ofQueue } from './contents.ts'
import { ContentsLink } from './contents-link.tsx'
import { queuesQuery } from './queries.ts'
import { texts } from './texts.ts'

/** Above it the server counts no further. */
const COUNTED = 100_000
interface Switch {
  name: string
  action: 'pause' | 'resume'
}

const PATHS = { pause: '/v1/queues/{name}/pause', resume: '/v1/queues/{name}/resume' } as const

export const QueueTable = ({ queues }: { queues: readonly Queue[] }) => {
  const t = useTexts(texts)
  const format = useFormat()
  const permission = usePermission('tasks:read')
  const { data: tasks = [] } = useQuery({ ...tasksQuery, enabled: permission.allowed })
  const known = { tasks: tasks.map(({ name }) => name), queues: queues.map(({ name }) => name) }
  const change = useAction<Switch>({
    run: ({ name, action }) => api.post(PATHS[action], { path: { name } }),
    optimistic: ({ name, action }) => [
      {
        key: queuesQuery.queryKey,
        update: (before: { items: Queue[] }) => ({
          ...before,
          items: before.items.map((queue) =>
            queue.name === name ? { ...queue, state: action === 'pause' ? 'paused' : 'active' } : queue,
          ),
        }),
      },
    ],
    touches: [queuesQuery.queryKey, ['overview']],
    done: (_, { name, action }) => t.done[action](name),
    refused: (problem) =>
      problem instanceof Problem && problem.code === 'missing-scope' ? problem.message : null,
  })
  const count = (id: 'scheduled' | 'queued' | 'running'): Column<Queue> => ({
    id,
    title: t[id],
    isNumber: true,
    cell: (queue) => `${format.number(queue[id])}${queue[id] >= COUNTED ? '+' : ''}`,
  })
  const columns: Column<Queue>[] = [
    {
      id: 'name',
      title: t.name,
      cell: ({ name }) => (
        <ContentsLink of={ofQueue(name, known)}>
          <strong>{name}</strong>
        </ContentsLink>
      ),
    },
    { id: 'state', title: t.state, cell: ({ state }) => <StateBadge state={state} /> },
    count('scheduled'),
    count('queued'),
    count('running'),
    { id: 'perSecond', title: t.perSecond, isNumber: true, cell: ({ perSecond }) => format.rate(perSecond) },
    {
      id: 'concurrency',
      title: t.concurrency,
      isNumber: true,
      cell: ({ concurrency }) => format.number(concurrency),
    },
    {
      id: 'actions',
      title: t.actions,
      isNumber: true,
      cell: ({ name, state }) => {
        const action = state === 'paused' ? 'resume' : 'pause'
        return (
          <ActionButton
            needs="operate"
            variant="default"
            size="xs"
            leftSection={<Icon name={action === 'pause' ? 'pause' : 'play'} size={14} />}
            aria-label={t.label[action](name)}
            unless={change.isPending && change.variables.name === name ? t.busy : null}
            onClick={() => change.mutate({ name, action })}
          >
            {t[action]}
          </ActionButton>
        )
      },
    },
  ]
  return <DataTable label={t.queues} columns={columns} rows={queues} keyOf={({ name }) => name} />
}
