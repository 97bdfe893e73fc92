import { useQuery } from '@tanstack/react-query'
import { channelsQuery } from '../channels-query.ts'
import { type EditableField, kindOf } from './edits.ts'
import type { BulkSubject, Sampled } from './subjects.ts'

/** Settings that every notification or run has. */
const SETTINGS: readonly EditableField[] = [
  { name: 'priority', kind: 'number' },
  { name: 'timeoutSeconds', kind: 'number' },
  { name: 'retry', kind: 'json' },
  { name: 'groupKey', kind: 'text' },
  { name: 'tags', kind: 'json' },
  { name: 'metadata', kind: 'json' },
]

/** What can be edited in all that match, as the first of them show: the content of their channels, or the data of a task. */
export const useEditableFields = (
  subject: BulkSubject,
  sample: readonly Sampled[],
): readonly EditableField[] => {
  const channels = useQuery({ ...channelsQuery, enabled: subject === 'notifications' })
  if (subject === 'runs') return [{ name: 'data', kind: 'json' }, ...SETTINGS]
  if (subject !== 'notifications' || channels.data === undefined) return []
  const used = new Set(sample.map(({ channel }) => channel))
  const contents = channels.data.filter(({ name }) => used.has(name))
  const fields = contents.flatMap(({ schema }) =>
    Object.entries((schema['properties'] ?? {}) as Record<string, unknown>),
  )
  const named = new Map(fields.map(([name, schema]) => [name, { name, kind: kindOf(schema) }]))
  return [...named.values(), ...SETTINGS, { name: 'onUnknown', kind: 'text' }]
}
