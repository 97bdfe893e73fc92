let originMs = performance.timeOrigin

/**
 * Milliseconds since 1970 by the machine's clock, with fractions. Servers, database and load are on one machine, and so
 * on one clock. `performance.now()` alone would drift from it: it does not follow the corrections that the clock gets.
 */
export const nowMs = (): number => {
  const wallMs = Date.now()
  const fineMs = originMs + performance.now()
  // The clock itself says which millisecond it is; only the fraction is taken from the finer one.
  const boundedMs = Math.min(Math.max(fineMs, wallMs), wallMs + 0.999)
  originMs += boundedMs - fineMs
  return boundedMs
}
