import { queryOptions, useQuery, useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useEffect } from 'react'
import { api, onSignedOut } from '../api/client.ts'
import { credentials } from '../api/credentials.ts'
import { Problem } from '../api/problem.ts'
import type { Session } from '../api/types.ts'
import { useTexts } from '../i18n/preferences.tsx'
import { defineTexts } from '../i18n/texts.ts'
import { live } from './live.tsx'
import { SignIn } from './sign-in.tsx'

export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: async ({ signal }): Promise<Session | null> => {
    try {
      const session = await api.get('/v1/session', { signal })
      credentials.takeToken(session.csrfToken)
      return session
    } catch (error) {
      if (error instanceof Problem && error.status === 401) return null
      // A project that this user may no longer enter: his first one, then.
      if (error instanceof Problem && error.status === 400 && credentials.project !== null) {
        credentials.enterProject(null)
        return api.get('/v1/session', { signal })
      }
      throw error
    }
  },
  staleTime: 60_000,
})

/** Null until it is known, and while nobody is signed in. */
export const useSession = (): Session | null => useQuery(sessionQuery).data ?? null

export type Scope =
  | `${'notifications' | 'tasks' | 'schedules'}:${'read' | 'write'}`
  | `content:${'read' | 'write' | 'publish'}`
  | 'operate'
  | 'admin'

export interface Permission {
  allowed: boolean
  /** Why not, for people. */
  reason: string | null
}

/** What the server would say to it: it decides, and this only saves the attempt. */
export const usePermission = (...scopes: Scope[]): Permission => {
  const t = useTexts(texts)
  const session = useSession()
  if (session === null) return { allowed: false, reason: t.unknown }
  const missing = scopes.filter((scope) => !session.scopes.includes(scope))
  return missing.length === 0
    ? { allowed: true, reason: null }
    : { allowed: false, reason: t.missing(missing.join(', ')) }
}

/** Everything else is shown to whoever is signed in, or to all where the server is open. */
export const SessionGate = ({ children }: { children: ReactNode }) => {
  const client = useQueryClient()
  const { data, isPending, isError } = useQuery(sessionQuery)
  useEffect(
    () =>
      onSignedOut(() => {
        credentials.takeKey(null)
        client.setQueryData(sessionQuery.queryKey, null)
      }),
    [client],
  )
  // Another caller sees other things: nothing of the one before is kept.
  useEffect(
    () =>
      credentials.onChange(() => {
        client.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'session' })
        void client.resetQueries({ queryKey: ['session'] })
      }),
    [client],
  )
  const isSignedOut = !isPending && data === null
  const who = data === undefined || data === null ? null : `${data.kind} ${data.id} ${data.project?.name}`
  useEffect(() => {
    if (who === null && !isError) return
    live.start()
    return live.stop
  }, [who, isError])
  return isSignedOut ? <SignIn /> : children
}

const texts = defineTexts(
  {
    unknown: 'It is not known yet what you may do.',
    missing: (scopes: string) => `You may not do this: it needs the permission ${scopes}.`,
  },
  {
    unknown: '권한을 아직 확인하지 못했습니다.',
    missing: (scopes) => `권한이 없습니다. 필요한 권한: ${scopes}`,
  },
)
