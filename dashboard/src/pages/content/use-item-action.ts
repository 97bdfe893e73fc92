import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../../api/client.ts'
import { Problem } from '../../api/problem.ts'
import { useTexts } from '../../i18n/preferences.tsx'
import { useAction } from '../../parts/use-action.ts'
import { texts } from './item-texts.ts'
import { callOf, type Item, itemQuery, type ItemStatus } from './queries.ts'
import type { Fault } from './schema.ts'

/** Something that is done to an item as it is shown. */
export interface ItemAct {
  /** What was done, for who reads it. */
  done: string
  call(ifMatch: number): Promise<Item | undefined>
  /** What readers see of it then. */
  becomes?: ItemStatus
  onDone?(): void
}

/** An action that was not done, since the item had been changed since it was read. */
export interface Lost {
  act: ItemAct
  before: Item
  /** Null where it is gone. */
  now: Item | null
}

/** The item as the server has it just now. */
const current = async (item: Item): Promise<Item | null> => {
  try {
    return await api.get('/v1/content/{type}/{id}', callOf(item))
  } catch (error) {
    if (error instanceof Problem && error.status === 404) return null
    throw error
  }
}

const faultsIn = (problem: unknown): Fault[] =>
  problem instanceof Problem
    ? (problem.document.errors ?? []).filter(({ path }) => path.startsWith('data'))
    : []

const MOST_TOLD = 4

/** Does things to the version that is shown; where that is no longer the one there is, it tells what has become of the item instead. */
export const useItemAction = (item: Item) => {
  const t = useTexts(texts)
  const client = useQueryClient()
  const [lost, setLost] = useState<Lost | null>(null)
  /** What the data lack, by the last refusal. */
  const [faults, setFaults] = useState<readonly Fault[]>([])
  const { queryKey } = itemQuery(item)
  const action = useAction({
    run: async ({ act, version }: { act: ItemAct; version: number }) => {
      try {
        return await act.call(version)
      } catch (error) {
        if (error instanceof Problem && error.code === 'version-conflict')
          setLost({ act, before: item, now: await current(item) })
        setFaults(faultsIn(error))
        throw error
      }
    },
    optimistic: ({ act: { becomes } }) =>
      becomes === undefined
        ? []
        : [{ key: queryKey, update: (before: Item) => ({ ...before, status: becomes }) }],
    touches: [['content'], ['overview']],
    done: (_, { act }) => act.done,
    refused: (problem) => {
      if (problem instanceof Problem && problem.code === 'version-conflict') return t.lost.told
      const lacking = faultsIn(problem).slice(0, MOST_TOLD)
      if (lacking.length === 0) return null
      return `${t.lost.lacking} ${lacking.map(({ path, message }) => `${path}: ${message}`).join('; ')}`
    },
    onDone: (changed, { act }) => {
      setLost(null)
      setFaults([])
      if (changed !== undefined) client.setQueryData(queryKey, changed)
      act.onDone?.()
    },
  })
  return {
    ...{ lost, faults },
    isPending: action.isPending,
    error: action.error,
    act: (act: ItemAct) => action.mutate({ act, version: item.version }),
    /** To the version that was told of. */
    insist: () => {
      if (lost?.now) action.mutate({ act: lost.act, version: lost.now.version })
    },
    letGo: () => setLost(null),
  }
}

export type ItemAction = ReturnType<typeof useItemAction>
