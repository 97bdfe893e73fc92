import { useQuery } from '@tanstack/react-query'
import { useSession } from '../../app/session.tsx'
import { keysQuery, usersQuery } from './queries.ts'

/**
 * Whether the next key or user is the first one, and closes the server. One that never asks (`YEYAK_AUTH=off`) cannot be told
 * from an open one until there is a key or a user in it.
 */
export const useOpenServer = (): boolean => {
  const isAnonymous = useSession()?.kind === 'anonymous'
  const keys = useQuery({ ...keysQuery, enabled: isAnonymous })
  const users = useQuery({ ...usersQuery, enabled: isAnonymous })
  return isAnonymous && keys.data?.length === 0 && users.data?.length === 0
}
