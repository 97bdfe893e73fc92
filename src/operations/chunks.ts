import type { Match } from './subject.ts'

/** Rows that one transaction locks at most: what it holds, it holds for some 50 ms. */
export const CHUNK = 1000

/** The ids in their order, in chunks of at most `size`; whatever must be alone is a chunk of its own. */
export const chunksOf = (matches: readonly Match[], size: number): string[][] => {
  const chunks: string[][] = []
  let open: string[] = []
  const close = () => {
    if (open.length > 0) chunks.push(open)
    open = []
  }
  for (const { id, alone } of matches) {
    if (alone || open.length === size) close()
    open.push(id)
    if (alone) close()
  }
  close()
  return chunks
}
