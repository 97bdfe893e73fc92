import type { Socket } from 'node:net'
import { type Text, YeyakError } from '../platform/errors.ts'
import { PROBLEM_TYPE, problemBody } from './problem.ts'
import { API_HEADERS } from './security-headers.ts'

/** Answers what is no HTTP, or comes too slowly or too large to be read as such, and hangs up. */
export function answerClientError(error: Error & { code?: string }, socket: Socket, requestId: string): void {
  if (socket.writableEnded) return
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
    return
  }
  hangUp(
    new YeyakError('invalid-parameter', { detail: DETAILS[error.code ?? ''] ?? NOT_HTTP }),
    socket,
    requestId,
  )
}

/** Answers once, in English, with status 400, and ends the connection: whatever comes behind it is not read as a request. */
export function hangUp(refusal: YeyakError, socket: Socket, requestId: string): void {
  if (socket.writableEnded) return
  const body = JSON.stringify(problemBody(refusal, requestId, 'en'))
  const head = [
    'HTTP/1.1 400 Bad Request',
    `Content-Type: ${PROBLEM_TYPE}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Content-Language: en',
    `X-Request-Id: ${requestId}`,
    'Connection: close',
    ...Object.entries(API_HEADERS).map(([name, value]) => `${name}: ${value}`),
  ]
  // Ended, not destroyed, so that the answer arrives before the connection goes.
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy())
}

const NOT_HTTP: Text = { en: 'This is not a valid HTTP request.', ko: '올바른 HTTP 요청이 아닙니다.' }

const DETAILS: Readonly<Record<string, Text>> = {
  HPE_HEADER_OVERFLOW: {
    en: 'The headers are too large: 16 kB together is the limit.',
    ko: '헤더가 너무 큽니다. 모두 합해 16 kB까지 보낼 수 있습니다.',
  },
  ERR_HTTP_REQUEST_TIMEOUT: {
    en: 'The request did not arrive in time.',
    ko: '요청이 제한 시간 안에 도착하지 않았습니다.',
  },
}
