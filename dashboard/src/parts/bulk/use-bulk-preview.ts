import { useDebouncedValue } from '@mantine/hooks'
import { useQuery, type UseQueryResult } from '@tanstack/react-query'
import { useDraft } from '../use-draft.ts'
import { brokenOf, type EditableField, type FieldEdit, patchOf } from './edits.ts'
import type { Preview } from './sample.tsx'
import type { BulkSubject } from './subjects.ts'
import { useEditableFields } from './use-editable-fields.ts'

interface BulkPreviewOptions {
  subject: BulkSubject
  filter: Readonly<Record<string, string>>
  /** Whether what matches can be edited: as it is tried again. */
  isRetry: boolean
  /** What else the answer depends on. */
  key: readonly unknown[]
  look(patch: object | undefined, signal: AbortSignal): Promise<Preview>
}

interface BulkPreview {
  preview: UseQueryResult<Preview>
  /** The fields that can be edited; none where nothing can. */
  fields: readonly EditableField[]
  edits: readonly FieldEdit[]
  change(edits: readonly FieldEdit[]): void
  forget(): void
  /** The names of edits that cannot be read. */
  broken: readonly string[]
  patch: Record<string, unknown> | undefined
  /** The names of the fields that the preview shows edited. */
  edited: readonly string[]
  /** What is typed has not been looked at yet. */
  isLooking: boolean
}

/** After the last key the first of them are shown as they would be. */
const TYPING_MS = 400
const NOTHING: readonly never[] = []
const NO_EDITS: { edits: readonly FieldEdit[] } = { edits: NOTHING }
/** Tokens stand in the headers of webhooks: they are not kept in the browser. */
const withoutSecrets = ({ edits }: typeof NO_EDITS) => ({
  edits: edits.filter(({ name }) => name !== 'headers'),
})

/** How many match, and the first of them; with what is typed to edit them, as they would be. */
export const useBulkPreview = ({ subject, filter, isRetry, key, look }: BulkPreviewOptions): BulkPreview => {
  const draft = `bulk.edit.${subject}.${JSON.stringify(filter)}`
  const [kept, keep, forget] = useDraft(draft, NO_EDITS, withoutSecrets)
  // What is kept for a retry is nothing to the other changes of the same.
  const edits = isRetry ? kept.edits : NOTHING
  const plain = useQuery({
    queryKey: ['bulk', ...key],
    queryFn: ({ signal }) => look(undefined, signal),
    gcTime: 0,
  })
  const editable = useEditableFields(subject, plain.data?.sample ?? NOTHING)
  const fields = isRetry ? editable : NOTHING
  const [typed] = useDebouncedValue(edits, TYPING_MS)
  const shown = patchOf(typed, fields)
  const edited = useQuery({
    queryKey: ['bulk', ...key, shown],
    queryFn: ({ signal }) => look(shown, signal),
    gcTime: 0,
    enabled: shown !== undefined,
    // Those before stay in sight while the next are made.
    placeholderData: (before) => before,
  })
  const preview = shown === undefined ? plain : edited
  return {
    ...{ preview, fields, edits, forget },
    change: (next) => keep({ edits: next }),
    broken: brokenOf(edits, fields),
    patch: patchOf(edits, fields),
    edited: Object.keys(shown ?? {}),
    isLooking: typed !== edits || preview.isFetching,
  }
}
