import { double } from './double.ts'
import { afterCancel, afterExpiry, early } from './early.ts'
import type { Fault, Finding, Kind } from './finding.ts'
import type { Circumstances, Item } from './item.ts'
import { late } from './late.ts'
import { lost } from './lost.ts'

type Check = (item: Item, circumstances: Circumstances) => readonly Fault[]

const CHECKS: Readonly<Record<Kind, Check>> = {
  lost,
  early,
  'after-cancel': afterCancel,
  'after-expiry': afterExpiry,
  double,
  late,
}

/** All that is wrong with one item that the delivery stage delivers. */
export const judge = (subject: string, item: Item, circumstances: Circumstances): Finding[] =>
  Object.entries(CHECKS).flatMap(([kind, check]) =>
    check(item, circumstances).map((fault) => ({
      kind: kind as Kind,
      subject,
      id: item.id,
      projectId: item.projectId,
      dueMs: item.dueMs,
      reason: null,
      ...fault,
    })),
  )
