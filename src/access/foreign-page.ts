import type { IncomingHttpHeaders } from 'node:http'
import { type Text, YeyakError } from '../platform/errors.ts'

/**
 * Whether a page from elsewhere makes this request. Browsers say so themselves, and no page can lie about it; other programs
 * send neither header. Behind a proxy that renames the host, `same-origin` tells that the page is ours.
 */
export const isForeign = (headers: IncomingHttpHeaders): boolean => {
  const { origin } = headers
  const site = headers['sec-fetch-site']
  if (origin === undefined && site === undefined) return false
  if (site === 'cross-site' || site === 'same-site') return true
  if (origin === undefined || site === 'same-origin') return false
  return URL.parse(origin)?.host !== headers.host?.toLowerCase()
}

/** What only reads is answered to anybody whom a browser lets ask; it does not let foreign pages see the answer. */
export const isRead = (method: string): boolean => method === 'GET' || method === 'HEAD'

export const foreignPage = (): YeyakError => new YeyakError('host-not-allowed', { detail: FOREIGN })

const FOREIGN: Text = {
  en: 'A page of another site has sent this request, which is not taken from there. Call the API from a server, or from a page of this one.',
  ko: '다른 사이트의 페이지가 보낸 요청이므로 받지 않습니다. 서버에서 호출하거나 이 서버의 페이지에서 호출해야 합니다.',
}
