import { sql } from 'kysely'
import type { DeadLetterTable } from '../delivery/index.ts'
import type { Tables } from '../platform/tables.ts'
import { errorKeyOf, PROVIDER } from './repository-publication-list.ts'
import type { Action } from './repository-publications.ts'

/** What is shown of a failed publication. */
export interface DeadPublication {
  type: string
  resourceId: string
  locale: string
  action: Action
}

const ERROR_KEY = errorKeyOf('d')

/** Publications that have failed for good; what a release refused as a whole is the release's. */
export const deadPublications = (t: Tables): DeadLetterTable => ({
  // The row bears its error: of those with another one none is counted.
  failed: (projectId, { lanes, error }) => sql`
    ${t.publications} d
    where d.project_id = ${projectId} and d.state in ('failed', 'missed') and d.state = 'failed' and d.release_id is null
    ${lanes === undefined ? sql`` : sql`and d.lane = any(${lanes}::text[])`}
    ${error === undefined ? sql`` : sql`and ${ERROR_KEY} = ${error}`}`,
  columns: sql`d.*`,
  counted: sql`d.reason, d.error, d.finished_at`,
  lastAttempt: sql``,
  finishedAt: sql`d.finished_at`,
  error: sql`d.error`,
  provider: sql.lit(PROVIDER),
  shown: sql`d.type, d.resource_id as "resourceId", d.locale, d.action`,
})

/** What is shown of a failed release. */
export interface DeadRelease {
  title: string
}

/** Releases that have failed as a whole. */
export const deadReleases = (t: Tables): DeadLetterTable => ({
  failed: (projectId, { error }) => sql`
    ${t.releases} d where d.project_id = ${projectId} and d.state = 'failed'
    ${error === undefined ? sql`` : sql`and ${ERROR_KEY} = ${error}`}`,
  columns: sql`d.*`,
  counted: sql`d.reason, d.error, d.finished_at`,
  lastAttempt: sql``,
  finishedAt: sql`d.finished_at`,
  error: sql`d.error`,
  provider: sql.lit(PROVIDER),
  shown: sql`d.title`,
})
