import type { EditPolicy, Identity } from './types.ts'

export const CONTENT_STATUSES = ['draft', 'scheduled', 'published', 'archived'] as const
export type ContentStatus = (typeof CONTENT_STATUSES)[number]

/** An item of content as it stands, without its data. */
export interface Content extends Identity {
  /** Ours; the caller's name for it is type, id and locale. */
  key: string
  projectId: number
  slug: string | null
  /** What readers see. */
  status: ContentStatus
  draftRevision: number
  liveRevision: number | null
  /** When what is live went live. */
  publishedAt: Date | null
  /** Of the first that is pending for it, whatever that is. */
  dueAt: Date | null
  version: number
  createdAt: Date
  updatedAt: Date
}

/** An immutable state of an item's data; the first one is 1. */
export interface Revision {
  number: number
  data: Readonly<Record<string, unknown>>
  /** Of the data as canonical JSON, in hexadecimal. */
  sha256: string
  createdAt: Date
}

/** What is pending for an item, as a read of it shows. */
export interface Pending {
  id: string
  action: 'publish' | 'unpublish' | 'archive'
  /** The pinned one; null: the draft as it is then. */
  revision: number | null
  onEdit: EditPolicy
  /** The time as it was given. */
  given: unknown
  dueAt: Date
  maxLateSeconds: number | null
  releaseId: string | null
}
