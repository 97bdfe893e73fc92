import type { Dispatcher } from 'undici'
import type { Claim, Origins } from './origins.ts'
import { createBody } from './body.ts'
import { causeOf, type Failure } from './failure.ts'
import type { Refusal } from './guard.ts'
import { AddressNotAllowedError } from './resolver.ts'

export type { Failure } from './failure.ts'

/** A status line and headers came back. */
export interface Answered {
  kind: 'answered'
  status: number
  /** By name in lower case. Of one that came more than once, the first. */
  headers: ReadonlyMap<string, string>
  /** The beginning of the body as text, cut where `bodyBytes` of the request says. Empty where bytes were asked for. */
  body: string
  /** The same as it came, where bytes were asked for. */
  bytes: Buffer
  /** The far side ended it: nothing was cut off, neither here nor on the way. */
  isWhole: boolean
}

/** How one request ended. */
export type Exchange =
  | Answered
  /** Nothing was sent. `addresses` are what the name had resolved to: for the log, not for callers. */
  | { kind: 'refused'; refusal: Refusal; addresses: readonly string[] }
  /** Nothing was sent, and nothing arrived. */
  | { kind: 'not-sent'; failure: Failure }
  /** It was sent, or a part of it, and no answer came: the far side may have acted on it. */
  | { kind: 'lost'; failure: Failure }

export type Method = 'POST' | 'GET' | 'PUT' | 'HEAD'

export interface Parts {
  origin: string
  path: string
  method: Method
  headers: readonly (readonly [name: string, value: string])[]
  body: Buffer
  bodyBytes: number
  bodyAs: 'text' | 'bytes'
  signal: AbortSignal
}

export interface Patience {
  /** Until a connection can be used: the wait for a free one, the look-up, TCP and TLS together. */
  connectMs: number
  /** For the body, once the status is known: nobody who waits for the outcome is held up by one that drips. */
  bodyMs: number
}

const NOTHING = Buffer.alloc(0)
const NO_CONNECTION: Failure = { code: 'connect-timeout', message: 'no connection could be made in time' }
const NOT_BEGUN: Failure = { code: 'timeout', message: 'the time was over before anything was sent' }
const NO_ANSWER: Failure = { code: 'timeout', message: 'no answer in time' }

const headersOf = (given: Readonly<Record<string, string | string[] | undefined>>): Map<string, string> =>
  new Map(
    Object.entries(given).flatMap(([name, value]): [string, string][] => {
      const first = Array.isArray(value) ? value[0] : value
      return first === undefined ? [] : [[name.toLowerCase(), first]]
    }),
  )

/**
 * One request and its answer. Resolves as soon as the outcome is known, and never rejects: a connection on which more is
 * to come then is cut, so that no far side can hold on to a send.
 */
export const exchange = (origins: Origins, parts: Parts, patience: Patience): Promise<Exchange> =>
  new Promise((resolve) => {
    const { signal } = parts
    const body = createBody(parts.bodyBytes)
    let controller: Dispatcher.DispatchController | null = null
    let answer: Pick<Answered, 'kind' | 'status' | 'headers'> | null = null
    let isSettled = false
    let claim: Claim | null = null

    const settle = (value: Exchange) => {
      if (isSettled) return
      isSettled = true
      clearTimeout(timer)
      signal.removeEventListener('abort', onTimeUp)
      claim?.release()
      resolve(value)
    }
    /** What is known so far is the outcome. */
    const conclude = (failure: Failure, isWhole = false) => {
      if (answer === null) return settle({ kind: controller === null ? 'not-sent' : 'lost', failure })
      const isText = parts.bodyAs === 'text'
      return settle({
        ...answer,
        body: isText ? body.text(answer.headers.get('content-type')) : '',
        bytes: isText ? NOTHING : body.bytes(),
        isWhole,
      })
    }
    const cut = (failure: Failure) => {
      conclude(failure)
      controller?.abort(new Error(failure.message))
    }
    const onTimeUp = () => cut(controller === null ? NOT_BEGUN : NO_ANSWER)
    let timer = setTimeout(() => cut(NO_CONNECTION), patience.connectMs)
    signal.addEventListener('abort', onTimeUp)

    const handler: Dispatcher.DispatchHandler = {
      // Called when there is a connection, right before the request is written to it.
      onRequestStart(given) {
        if (isSettled) return given.abort(new Error('nobody waits for it any more'))
        controller = given
        clearTimeout(timer)
      },
      onResponseStart(_controller, status, headers) {
        // 100 Continue and its like are no answer yet.
        if (status < 200 || isSettled) return
        answer = { kind: 'answered', status, headers: headersOf(headers) }
        timer = setTimeout(() => cut(NO_ANSWER), patience.bodyMs)
      },
      onResponseData(_controller, chunk) {
        if (!isSettled && body.add(chunk)) cut(NO_ANSWER)
      },
      onResponseEnd() {
        conclude(NO_ANSWER, true)
      },
      onResponseError(_controller, error) {
        if (error instanceof AddressNotAllowedError)
          settle({ kind: 'refused', refusal: error.refusal, addresses: error.addresses })
        else conclude(causeOf(error, controller !== null))
      },
    }

    if (signal.aborted) return onTimeUp()
    claim = origins.claim(parts.origin, (pool) => {
      const { path, method, headers } = parts
      pool.dispatch(
        // The signal decides how long to wait, up to 600 s: more than undici does by itself.
        { path, method, headers: headers.flat(), body: parts.body, headersTimeout: 0, bodyTimeout: 0 },
        handler,
      )
    })
    // What undici refuses is settled before there was a claim to release.
    if (isSettled) claim.release()
  })
