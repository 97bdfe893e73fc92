import { useMemo } from 'react'
import { api } from '../../api/client.ts'
import type { StreamEvent } from '../../api/stream-parser.ts'
import type { Answer } from '../../api/types.ts'
import { mayHaveFallenDue } from '../../parts/life/falling-due.ts'
import { useLiveRows } from '../../parts/list/use-live-rows.ts'
import type { Sort } from './filter.ts'
import type { Run } from './queries.ts'

type Item = Answer<'/v1/runs'>['items'][number]

export interface Row extends Omit<Item, 'data' | 'metadata' | 'result'> {
  /** The beginning of its data, as JSON; empty where there are none. */
  told: string
  readMs: number
}

const LONGEST = 300

export const toldOf = (data: object): string =>
  Object.keys(data).length === 0 ? '' : JSON.stringify(data).slice(0, LONGEST)

/** Of a run only what the table shows: its data may be 256 kB. */
const slim = (item: Item): Row => {
  const { data, metadata: _metadata, result: _result, ...row } = item
  return { ...row, told: toldOf(data), readMs: Date.now() }
}

const STATES: Readonly<Record<string, Run['state']>> = {
  'run.succeeded': 'succeeded',
  'run.failed': 'failed',
  'run.canceled': 'canceled',
  'run.expired': 'expired',
  'run.started': 'running',
  'run.attempt': 'retrying',
}

const changeOf = ({ type, data }: StreamEvent): Partial<Row> | null => {
  const state = STATES[type]
  if (state !== undefined) return { state, ...(state === 'succeeded' && { progress: 100 }) }
  const { percent } = data
  return type === 'run.progress' && typeof percent === 'number'
    ? { state: 'running', progress: percent }
    : null
}

export const useRows = (filter: Readonly<Record<string, string>>, sort: Sort) =>
  useLiveRows<Row>({
    queryKey: useMemo(() => ['runs', 'list', filter, sort], [filter, sort]),
    kind: 'run',
    async readPage({ cursor, limit, signal }) {
      const { items, nextCursor } = await api.get('/v1/runs', {
        query: { ...filter, sort, limit, ...(cursor !== null && { cursor }) },
        signal,
      })
      return { items: items.map(slim), nextCursor }
    },
    readOne: async (id) => slim(await api.get('/v1/runs/{id}', { path: { id } })),
    changeOf,
    isWhole: ({ type }) => type === 'run.progress',
    isOutdated: (row, now) => mayHaveFallenDue(row, row.readMs, now),
  })
