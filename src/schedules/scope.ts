import type { Startable } from '../delivery/index.ts'
import type { Caller } from '../http/index.ts'
import { YeyakError } from '../platform/errors.ts'

/** Who may not send may not make a schedule that does. Null where he may. */
export const lacksScope = (
  { scopes }: Pick<Caller, 'scopes'>,
  { scope }: Pick<Startable, 'scope'>,
): YeyakError | null => (scopes.has(scope) ? null : new YeyakError('missing-scope', { members: { scope } }))
