/** Upper bounds of the buckets of a distribution, in seconds; what is beyond them counts in the last one, `+Inf`. */
export const DURATION_BOUNDS_SECONDS = [
  0.001, 0.0025, 0.005, 0.01, 0.015, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 3600,
] as const

/** A distribution of durations: counts by bucket (not added up), and the sum in seconds. */
export interface Distribution {
  readonly counts: Float64Array
  sumSeconds: number
}

/** What one lane has done since the process started. */
export interface LaneTelemetry {
  readonly outcomes: Map<string, number>
  readonly lateness: Distribution
  readonly duration: Distribution
}

export interface Telemetry {
  /** The counters of a lane, made when it is first asked for. There are as many as the program has lanes. */
  lane(name: string): LaneTelemetry
  readonly lanes: ReadonlyMap<string, LaneTelemetry>
  /** Items that had neither a timer nor a job, and were planted again. */
  lost: number
}

const createDistribution = (): Distribution => ({
  counts: new Float64Array(DURATION_BOUNDS_SECONDS.length + 1),
  sumSeconds: 0,
})

/** Counts one duration. Nearly all are in the first buckets, so that looking from the front is the quickest way. */
export const observe = (distribution: Distribution, seconds: number): void => {
  let bucket = 0
  while (bucket < DURATION_BOUNDS_SECONDS.length && seconds > (DURATION_BOUNDS_SECONDS[bucket] ?? 0))
    bucket += 1
  distribution.counts[bucket] = (distribution.counts[bucket] ?? 0) + 1
  distribution.sumSeconds += seconds
}

/** Counts one attempt that ended; null where it was put back before anything was sent. About 0.1 µs. */
export const countAttempt = (
  lane: LaneTelemetry,
  outcome: string,
  times: { lateMs: number; tookMs: number } | null,
): void => {
  lane.outcomes.set(outcome, (lane.outcomes.get(outcome) ?? 0) + 1)
  if (times === null) return
  observe(lane.lateness, times.lateMs / 1000)
  observe(lane.duration, times.tookMs / 1000)
}

/** What a process counts as it goes, whether or not anybody asks. The words of the metrics are made when they are read. */
export const createTelemetry = (): Telemetry => {
  const lanes = new Map<string, LaneTelemetry>()
  return {
    lane(name) {
      const known = lanes.get(name)
      if (known !== undefined) return known
      const made = {
        outcomes: new Map<string, number>(),
        lateness: createDistribution(),
        duration: createDistribution(),
      }
      lanes.set(name, made)
      return made
    },
    lanes,
    lost: 0,
  }
}
