import type { Page } from 'playwright-core'

/** What a call is answered that the page makes with the key that it was given, as one that was tampered with would. */
export const statusFromPage = (page: Page, method: string, path: string, body?: unknown): Promise<number> => {
  const call = { method, ...(body !== undefined && { body: JSON.stringify(body) }) }
  const type = body === undefined ? {} : { 'content-type': 'application/json' }
  return page.evaluate<number>(
    `fetch(${JSON.stringify(path)}, {
      ...${JSON.stringify(call)},
      headers: {
        ...${JSON.stringify({ ...type, 'if-match': '*' })},
        authorization: 'Bearer ' + sessionStorage.getItem('yeyak.key'),
      },
    }).then(({ status }) => status)`,
  )
}
