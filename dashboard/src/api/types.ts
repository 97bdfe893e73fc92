import type { paths } from './openapi.d.ts'

export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete'
/** Paths of the API that know the method. */
export type PathOf<M extends Method> = {
  [P in keyof paths]: paths[P] extends Record<M, unknown> ? P : never
}[keyof paths]
type Operation<P extends keyof paths, M extends Method> = paths[P] extends Record<M, infer O> ? O : never

type ParameterOf<O, In extends 'path' | 'query'> = O extends { parameters: infer All }
  ? In extends keyof All
    ? NonNullable<All[In]>
    : never
  : never
type BodyOf<O> = O extends { requestBody?: infer Taken }
  ? NonNullable<Taken> extends { content: { 'application/json': infer Json } }
    ? Json
    : never
  : never
type Content<R> = R extends { content: { 'application/json': infer Json } } ? Json : undefined

/** What a call answers where it succeeds. */
export type Answer<P extends keyof paths, M extends Method = 'get'> =
  Operation<P, M> extends { responses: infer All } ? Content<All[keyof All]> : never
/** What a call takes as its body. */
export type Body<P extends keyof paths, M extends Method> = BodyOf<Operation<P, M>>

type Given<Name extends string, Value> = [Value] extends [never] ? unknown : Record<Name, Value>
type Optional<Name extends string, Value> = [Value] extends [never]
  ? unknown
  : { [K in Name]?: Value | undefined }

export type CallOptions<P extends keyof paths, M extends Method> = Given<
  'path',
  ParameterOf<Operation<P, M>, 'path'>
> &
  Optional<'query', ParameterOf<Operation<P, M>, 'query'>> &
  Optional<'body', Body<P, M>> & {
    signal?: AbortSignal
    /** The version that the change is made to; `*` for whichever there is. */
    ifMatch?: number | '*'
    /** So that a repeat makes nothing twice. */
    idempotencyKey?: string
    /** Instead of who is signed in. */
    key?: string
  }

export type Notification = Answer<'/v1/notifications/{id}'>
export type NotificationState = Notification['state']
export type Attempt = NonNullable<Notification['attempts']>[number]
export type TimelineItem = Answer<'/v1/notifications/{id}/timeline'>['items'][number]
export type Overview = Answer<'/v1/overview'>
export type Queue = Answer<'/v1/queues/{name}'>
export type Worker = Answer<'/v1/workers'>['items'][number]
export type BulkOperation = Answer<'/v1/operations/{id}'>
export type Session = Answer<'/v1/session'>
export type DeadLetters = Extract<Answer<'/v1/dead-letters'>, { items: unknown }>
export type DeadLetter = DeadLetters['items'][number]
export type DeadLetterGroup = Extract<Answer<'/v1/dead-letters'>, { groups: unknown }>['groups'][number]
export interface Health {
  status: 'ready' | 'degraded' | 'not_ready'
  checks: Record<string, { state: string; detail: string | null }>
}
