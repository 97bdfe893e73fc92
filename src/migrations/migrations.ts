import type { Migration } from 'kysely/migration'
import { initial } from './0001-initial.ts'
import { domains } from './0002-domains.ts'
import { contract } from './0003-contract.ts'
import { access } from './0004-access.ts'
import { events } from './0005-events.ts'
import { webhooks } from './0006-webhooks.ts'
import { operations } from './0007-operations.ts'
import { publishing } from './0008-publishing.ts'
import { external } from './0009-external.ts'
import { wallClock } from './0010-wall-clock.ts'
import { schedules } from './0011-schedules.ts'
import { tasks } from './0012-tasks.ts'
import { uploads } from './0013-uploads.ts'
import { editAndRetry } from './0014-edit-and-retry.ts'

/** Every migration in order, for tables in `schema`. Append only: what has been released is never edited. */
export const migrations = (schema: string): Record<string, Migration> => ({
  '0001-initial': initial(schema),
  '0002-domains': domains(schema),
  '0003-contract': contract(schema),
  '0004-access': access(schema),
  '0005-events': events(schema),
  '0006-webhooks': webhooks(schema),
  '0007-operations': operations(schema),
  '0008-publishing': publishing(schema),
  '0009-external': external(schema),
  '0010-wall-clock': wallClock(schema),
  '0011-schedules': schedules(schema),
  '0012-tasks': tasks(schema),
  '0013-uploads': uploads(schema),
  '0014-edit-and-retry': editAndRetry(schema),
})
