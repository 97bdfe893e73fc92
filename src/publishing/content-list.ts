import type { Database } from '../platform/database.ts'
import type { Revision } from './content-row.ts'
import type { ListQuery } from './repository-list.ts'
import type { ContentReads, Shown } from './repository-read.ts'

/** Items whose data are read at once, and bytes after which a page ends before its limit: data of 256 kB would fill the memory. */
const SLICE = 50
const PAGE_BYTES = 8 * 1024 * 1024

export interface ContentPage {
  items: { shown: Shown; data: Revision['data'] }[]
  /** There is more. */
  isCut: boolean
}

/** Up to `limit` items of a list with their data. */
export const readContentPage = async (
  db: Database,
  reads: ContentReads,
  projectId: number,
  query: ListQuery,
  limit: number,
): Promise<ContentPage> => {
  const found = await reads.list(db, projectId, query, limit + 1)
  const wanted = found.slice(0, limit)
  const items: ContentPage['items'] = []
  let bytes = 0
  for (let i = 0; i < wanted.length; i += SLICE) {
    const slice = wanted.slice(i, i + SLICE)
    const data = await reads.data(
      db,
      slice.flatMap(({ key, shownRevision }) =>
        shownRevision === null ? [] : [{ key, number: shownRevision }],
      ),
    )
    for (const shown of slice) {
      const own = data.get(shown.key)
      // Deleted since the list was read.
      if (own !== undefined) items.push({ shown, data: own })
    }
    bytes += JSON.stringify([...data.values()]).length
    if (bytes > PAGE_BYTES && i + SLICE < wanted.length) return { items, isCut: true }
  }
  return { items, isCut: found.length > limit }
}
