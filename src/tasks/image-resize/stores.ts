import { createFolderStore } from './folder-store.ts'
import { createS3Store, type S3Settings } from './s3-store.ts'
import type { Store } from './store.ts'

export type Storage = { kind: 'folder'; directory: string } | ({ kind: 's3' } & S3Settings)

export interface StoreOptions {
  storage: Storage
  /** What `location` begins with; empty: where it lies. */
  url: string
  userAgent: string
}

export const createStore = ({ storage, url, userAgent }: StoreOptions): Store =>
  storage.kind === 'folder'
    ? createFolderStore({ directory: storage.directory, url })
    : createS3Store({ settings: storage, url, userAgent })
