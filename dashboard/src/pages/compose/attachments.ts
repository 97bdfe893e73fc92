import { useCallback, useEffect, useState } from 'react'
import type { Attachment } from './draft.ts'

const DATABASE = 'yeyak'
const STORE = 'attachments'
const DRAFT = 'compose'
/** Decoded, all together: more is refused by the server. */
export const MOST_BYTES = 10 * 1024 * 1024

const open = (): Promise<IDBDatabase> =>
  new Promise((resolve, reject) => {
    const request = indexedDB.open(DATABASE, 1)
    request.addEventListener('upgradeneeded', () => request.result.createObjectStore(STORE))
    request.addEventListener('success', () => resolve(request.result))
    request.addEventListener('error', () => reject(request.error ?? new Error('no database')))
  })

const inStore = async <T>(
  mode: IDBTransactionMode,
  run: (store: IDBObjectStore) => IDBRequest<T>,
): Promise<T> => {
  const database = await open()
  try {
    return await new Promise<T>((resolve, reject) => {
      const request = run(database.transaction(STORE, mode).objectStore(STORE))
      request.addEventListener('success', () => resolve(request.result))
      request.addEventListener('error', () => reject(request.error ?? new Error('not stored')))
    })
  } finally {
    database.close()
  }
}

const CHUNK = 32_768

const base64Of = async (file: File): Promise<string> => {
  const bytes = new Uint8Array(await file.arrayBuffer())
  let binary = ''
  for (let i = 0; i < bytes.length; i += CHUNK) binary += String.fromCharCode(...bytes.subarray(i, i + CHUNK))
  return btoa(binary)
}

/** Decoded, as far as its length tells. */
export const sizeOf = ({ content }: Attachment): number =>
  Math.floor((content.length * 3) / 4) - (content.endsWith('==') ? 2 : content.endsWith('=') ? 1 : 0)

/** Files of the draft. They are too large for where its texts are kept, and survive a reload in a store of their own. */
export const useAttachments = () => {
  const [files, setFiles] = useState<readonly Attachment[]>([])
  useEffect(() => {
    inStore<unknown>('readonly', (store) => store.get(DRAFT)).then(
      (stored) => {
        if (Array.isArray(stored)) setFiles((now) => (now.length > 0 ? now : (stored as Attachment[])))
      },
      // A browser that keeps nothing keeps them for as long as the page is open.
      () => {},
    )
  }, [])
  const keep = useCallback((next: readonly Attachment[]) => {
    setFiles(next)
    const kept =
      next.length === 0
        ? inStore('readwrite', (store) => store.delete(DRAFT))
        : inStore('readwrite', (store) => store.put(next, DRAFT))
    kept.catch(() => {})
  }, [])
  const add = async (added: readonly File[]): Promise<void> => {
    const made = await Promise.all(
      added.map(async (file) => ({
        filename: file.name,
        contentType: file.type === '' ? 'application/octet-stream' : file.type,
        content: await base64Of(file),
      })),
    )
    keep([...files, ...made])
  }
  return {
    files,
    keep,
    add,
    drop: (at: number) => keep(files.filter((_, i) => i !== at)),
  }
}

export type Attachments = ReturnType<typeof useAttachments>
