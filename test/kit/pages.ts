import type { Client, Reply } from './client.ts'

/** The answers with the pages of a list, one after the other, as their cursors lead on. */
export async function* pagesOf({ call }: Pick<Client, 'call'>, path: string): AsyncGenerator<Reply> {
  const more = `${path}${path.includes('?') ? '&' : '?'}cursor=`
  for (let next: string | null = path; next !== null;) {
    const reply: Reply = await call('GET', next)
    yield reply
    const cursor: string | null = reply.body.nextCursor ?? null
    next = cursor === null ? null : more + cursor
  }
}
