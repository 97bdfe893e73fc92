import { createBulkEdit } from '../delivery/index.ts'
import type { Database } from '../platform/database.ts'
import type { Patch, Prepare } from './prepare.ts'
import { createBulkEditRepository } from './repository-bulk-edit.ts'
import type { ListSources } from './repository-list.ts'
import type { Notification, Repository } from './repository.ts'

export type NotificationEdit = ReturnType<typeof createNotificationEdit>

/** Notifications that are edited on their way back. */
export const createNotificationEdit = (o: {
  db: Database
  sources: ListSources
  repository: Pick<Repository, 'whole'>
  prepare: Pick<Prepare, 'edit'>
}) => {
  const { lock, retry } = createBulkEditRepository(o.sources)
  const editing = createBulkEdit({
    ...{ db: o.db, lock, retry },
    read: o.repository.whole,
    edit: (row: Notification, patch: Patch) => o.prepare.edit(row, patch),
  })
  return {
    ...editing,
    async preview(projectId: number, rows: readonly Notification[], patch: Patch | undefined) {
      const found = await editing.preview(projectId, rows, patch)
      return { ...found, sample: found.sample.map((row) => ({ ...row, content: withoutFiles(row.content) })) }
    },
  }
}

/** Files with their names and without their content, as lists have them. */
const withoutFiles = (content: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> => {
  const { attachments } = content
  if (!Array.isArray(attachments)) return content
  const named = (attachments as object[]).map((file) => ({ ...file, content: undefined }))
  return { ...content, attachments: named }
}
