import type { Scenario } from '../scenario.ts'
import { access } from './access.ts'
import { asof } from './asof.ts'
import { bulk } from './bulk.ts'
import { burst } from './burst.ts'
import { disturbed } from './disturbed.ts'
import { email } from './email.ts'
import { future } from './future.ts'
import { http } from './http.ts'
import { images } from './images.ts'
import { idle } from './idle.ts'
import { keys } from './keys.ts'
import { lateness } from './lateness.ts'
import { memory } from './memory.ts'
import { overview } from './overview.ts'
import { publishing } from './publishing.ts'
import { recurrence } from './recurrence.ts'
import { schedules } from './schedules.ts'
import { snapshot } from './snapshot.ts'
import { stream } from './stream.ts'
import { tasks } from './tasks.ts'
import { takeover } from './takeover.ts'
import { webhook } from './webhook.ts'

/** In the order in which they run and are reported. */
export const scenarios: readonly Scenario[] = [
  lateness,
  future,
  disturbed,
  snapshot,
  burst,
  tasks,
  http,
  keys,
  access,
  bulk,
  publishing,
  schedules,
  asof,
  recurrence,
  email,
  webhook,
  stream,
  overview,
  images,
  idle,
  takeover,
  memory,
]
