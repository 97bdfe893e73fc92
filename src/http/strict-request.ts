import type { IncomingMessage, Server as HttpServer } from 'node:http'
import { type Text, YeyakError } from '../platform/errors.ts'
import { hangUp } from './client-error.ts'

/**
 * What Node takes and this server does not, since a proxy in front may have read it in another way: then the one checks a
 * request, and the other serves its twin. The rest (two lengths, a length beside chunks, folded headers) Node refuses itself.
 */
export function unclearRequest({
  rawHeaders,
  headers,
  socket,
  url = '/',
}: IncomingMessage): YeyakError | undefined {
  // It came along with one that was hung up on.
  if (socket.writableEnded) return refused(OTHER_HOST)
  let hosts = 0
  // Names stand at the even places; comparing their lengths first keeps this at some 20 ns.
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i]
    if (name?.length === 4 && name.toLowerCase() === 'host') hosts += 1
  }
  if (hosts > 1) return refused(TWO_HOSTS)
  const coding = headers['transfer-encoding']
  if (coding !== undefined && coding.trim().toLowerCase() !== 'chunked') return refused(CODING)
  return url.startsWith('/') || url === '*' || namesHost(url, headers.host) ? undefined : refused(OTHER_HOST)
}

/** `GET http://host/path`, as to a proxy: served where it names the same host as the header. */
function namesHost(url: string, host: string | undefined): boolean {
  const authority = /^https?:\/\/([^/?#]*)/iu.exec(url)?.[1]
  return authority !== undefined && authority.toLowerCase() === host?.toLowerCase()
}

/** Answers what Node would hang up on, or answer in its own way: `CONNECT`, and an `Expect` that nobody can meet. */
export function answerUnusual(
  server: HttpServer,
  nextId: (request: Pick<IncomingMessage, 'headers'>) => string,
): void {
  server.on('connect', (request) => hangUp(refused(TUNNEL), request.socket, nextId(request)))
  server.on('checkExpectation', (request: IncomingMessage) =>
    hangUp(refused(EXPECTATION), request.socket, nextId(request)),
  )
}

const refused = (detail: Text): YeyakError => new YeyakError('invalid-parameter', { detail })

const TWO_HOSTS: Text = { en: 'There is more than one Host header.', ko: 'Host 헤더가 두 개 이상입니다.' }
const CODING: Text = {
  en: 'Of transfer codings only chunked is taken.',
  ko: '전송 인코딩은 chunked만 쓸 수 있습니다.',
}
const OTHER_HOST: Text = {
  en: 'The address in the request line names another host than the Host header.',
  ko: '요청 줄의 주소와 Host 헤더의 호스트가 다릅니다.',
}
const TUNNEL: Text = { en: 'This server is no proxy.', ko: '이 서버는 프록시가 아닙니다.' }
const EXPECTATION: Text = {
  en: 'Of expectations only 100-continue is met.',
  ko: 'Expect 헤더에는 100-continue만 쓸 수 있습니다.',
}
