import { type Caller, DEFAULT_PROJECT_ID, isForAll, type Scope } from '../http/index.ts'
import type { By } from '../platform/actor.ts'
import { type Text, YeyakError } from '../platform/errors.ts'

/** Whether the caller may change what belongs to no single project: projects themselves, and users. */
export const mayChangeAll = (caller: Caller): boolean => caller.scopes.has('admin') && isForAll(caller)

export const assertMayChangeAll = (caller: Caller): void => {
  if (!mayChangeAll(caller))
    throw new YeyakError('missing-scope', { members: { scope: 'admin' }, detail: ONLY_DEFAULT })
}

/**
 * As which it is told of a change to what belongs to no single project. In the trail of the project that an administrator of
 * everything happens to be in, its own admins would read of the users and projects beside it.
 */
export const forAll = ({ actor }: By): By => ({ projectId: DEFAULT_PROJECT_ID, actor })

/** Nobody hands out what he does not have himself: throws `missing-scope` with the first such scope. */
export const assertHas = (caller: Caller, scopes: Iterable<Scope>): void => {
  for (const scope of scopes) {
    if (!caller.scopes.has(scope))
      throw new YeyakError('missing-scope', { members: { scope }, detail: NOT_HIS })
  }
}

const ONLY_DEFAULT: Text = {
  en: 'Projects and users are changed by admins of the project default only.',
  ko: '프로젝트와 사용자는 default 프로젝트의 admin만 변경할 수 있습니다.',
}
const NOT_HIS: Text = {
  en: 'You do not have this scope yourself, so you cannot give it.',
  ko: '자신에게 없는 권한은 줄 수 없습니다.',
}
