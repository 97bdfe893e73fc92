import { setTimeout as sleep } from 'node:timers/promises'
import { clusterPassword } from './cluster.ts'
import { directoryInUse, EmbeddedPostgresError } from './errors.ts'
import { claimOwnership, livingPid } from './owner.ts'
import { findPostmaster, type Postmaster, shutDown } from './postmaster.ts'

// A server in recovery answers nobody, and its owner cannot be asked for: patience, since it mostly ends well.
const STARTING_MS = 60_000
const SILENT_MS = 8_000
const UNDECIDED_MS = 5_000
const POLL_MS = 20

/**
 * Sees to it that no server runs on the cluster: one whose owner is dead is shut down (true), where there is none
 * nothing happens (false), and one in use is refused with `EmbeddedPostgresError`.
 */
export async function takeOver(o: {
  dataDir: string
  clusterDir: string
  nativeDir: string
}): Promise<boolean> {
  const begun = performance.now()
  for (;;) {
    const postmaster = await findPostmaster(o.clusterDir)
    if (postmaster === null) return false
    const waitedMs = performance.now() - begun
    const step = await claimOrWait(o, postmaster)
    if (step === 'taken') return true
    if (step.kind === 'undecided' && waitedMs > UNDECIDED_MS) throw directoryInUse(o.dataDir, step.pid)
    if (step.kind === 'silent' && waitedMs > (step.starting ? STARTING_MS : SILENT_MS)) {
      throw new EmbeddedPostgresError(
        `The PostgreSQL with pid ${postmaster.pid} on ${o.clusterDir} does not answer (${step.detail}), ` +
          `so nobody can tell whose it is: end it with "kill -INT ${postmaster.pid}" and start again`,
      )
    }
    await sleep(POLL_MS)
  }
}

type Step =
  | 'taken'
  /** The lock is free and the server's launcher lives, or the lock is held and its holder is dead: either passes. */
  | { kind: 'undecided'; pid: number | null }
  | { kind: 'silent'; starting: boolean; detail: string }

async function claimOrWait(
  o: { dataDir: string; clusterDir: string; nativeDir: string },
  postmaster: Postmaster,
): Promise<Step> {
  if (postmaster.port === null || !postmaster.ready)
    return { kind: 'silent', starting: true, detail: 'not ready' }
  const password = await clusterPassword(o.clusterDir)
  const claim = await claimOwnership({ port: postmaster.port, password })
  if (claim.kind === 'unreachable') return { kind: 'silent', starting: claim.starting, detail: claim.detail }
  if (claim.kind === 'denied') {
    const pid = await livingPid(claim.owner)
    if (pid !== null) throw directoryInUse(o.dataDir, pid)
    return { kind: 'undecided', pid }
  }
  try {
    const pid = await livingPid(claim.launcher)
    if (pid !== null) return { kind: 'undecided', pid }
    // The lock is held until the server ends it, so that of two takeovers only one goes on.
    await shutDown({ pid: postmaster.pid, clusterDir: o.clusterDir, nativeDir: o.nativeDir, mode: 'fast' })
    return 'taken'
  } finally {
    await claim.ownership.release()
  }
}
