import type { FastifyRequest } from 'fastify'
import { ALL_SCOPES, type Authenticate, type Caller } from '../http/index.ts'

export interface Access {
  /** No key is configured, as far as is known: nobody is asked who he is. */
  isOpen(): boolean
  authenticate: Authenticate
}

/** Everything belongs to a project; an open server writes into this one. */
const DEFAULT_PROJECT_ID = 1
const SCOPES = new Set(ALL_SCOPES)

export const createAccess = (o: { auth: 'on' | 'off' }): Access => ({
  isOpen: () => o.auth === 'on',
  authenticate: (request: FastifyRequest): Caller => ({
    projectId: DEFAULT_PROJECT_ID,
    actor: { kind: 'anonymous', id: null, from: request.ip },
    name: null,
    scopes: SCOPES,
  }),
})
