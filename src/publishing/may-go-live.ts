import { YeyakError } from '../platform/errors.ts'
import type { Content } from './content-row.ts'
import type { Publication } from './repository-execution.ts'
import type { ContentTypes } from './types.ts'

/** Which revision goes live by a retry: the one that it was to be, or what the draft says by now. */
export type RevisionChoice = 'pinned' | 'draft'

/** The revision that a publication bears once it waits again; null for none of its own. */
export const revisionAgain = (p: Publication, item: Content | null, choice: RevisionChoice): number | null =>
  choice === 'draft' && item !== null && p.revision !== null ? item.draftRevision : p.revision

/**
 * Whether a publication may wait again. `data`: of the revision that would go live, undefined where there is none.
 * @throws YeyakError where its item or its revision is gone, its type is not known here, or what it says is not valid
 */
export const checkMayGoLive = (
  types: Pick<ContentTypes, 'require'>,
  p: Publication,
  item: Content | null,
  data: Record<string, unknown> | undefined,
): void => {
  if (p.external) return
  if (item === null) throw new YeyakError('not-found')
  const type = types.require(p.type)
  if (p.action !== 'publish') return
  if (data === undefined) throw new YeyakError('not-found')
  type.validate(data)
}
