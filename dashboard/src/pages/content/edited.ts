import { type Data, isSame, mergePatchOf } from '../../parts/diff/members.ts'
import { useDraft } from '../../parts/use-draft.ts'
import { type Item, subjectOf } from './queries.ts'

/** What was there when the writing began: all that is saved is the difference to it. */
export interface Base {
  version: number
  draftRevision: number
  data: Data
}

interface Draft {
  mode: 'form' | 'json' | null
  mine: Data | null
  /** JSON as it was typed, whether or not it is any. */
  text: string | null
  base: Base | null
}

const INITIAL: Draft = { mode: null, mine: null, text: null, base: null }

const isData = (value: unknown): value is Data =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export const parseData = (text: string): Data | null => {
  try {
    const value: unknown = JSON.parse(text)
    return isData(value) ? value : null
  } catch {
    return null
  }
}

export const writeData = (data: Data): string => JSON.stringify(data, null, 2)

/** Members that were set to null: a merge patch takes them away instead. */
export const nullsOf = (before: Data, after: Data, path = 'data'): string[] =>
  Object.entries(after).flatMap(([name, value]) => {
    const old = Object.hasOwn(before, name) ? before[name] : undefined
    if (value === null) return old === null ? [] : [`${path}.${name}`]
    return isData(value) ? nullsOf(isData(old) ? old : {}, value, `${path}.${name}`) : []
  })

/** What somebody writes on a draft, kept in the browser until it is saved; others may change the draft meanwhile. */
export const useEdited = (item: Item, hasForm: boolean) => {
  const [draft, change, forget] = useDraft<Draft>(`content.${subjectOf(item)}`, INITIAL)
  const mode = hasForm ? (draft.mode ?? 'form') : 'json'
  const { base } = draft
  const begun: Base = base ?? {
    version: item.version,
    draftRevision: item.draftRevision,
    data: item.data,
  }
  const written = draft.mine ?? item.data
  const text = draft.text ?? writeData(written)
  const data = mode === 'json' && draft.text !== null ? parseData(draft.text) : written
  return {
    ...{ mode, text, data, forget },
    base: begun,
    isTouched: base !== null && (data === null || !isSame(base.data, data)),
    /** Somebody else has saved a revision since the writing began. */
    isBehind: base !== null && base.draftRevision !== item.draftRevision,
    setMode: (next: 'form' | 'json') =>
      change(next === 'json' ? { mode: next, text: null } : { mode: next, text: null, mine: data }),
    setMember: (name: string, value: unknown) => {
      const { [name]: _old, ...rest } = written
      change({ base: begun, mine: value === undefined ? rest : { ...written, [name]: value }, text: null })
    },
    setText: (next: string) => change({ base: begun, text: next, mine: parseData(next) ?? draft.mine }),
    patch: () => (data === null ? {} : mergePatchOf(begun.data, data)),
  }
}

export type Edited = ReturnType<typeof useEdited>
