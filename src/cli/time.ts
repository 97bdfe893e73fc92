const two = (n: number): string => String(n).padStart(2, '0')

/**
 * An instant of an answer as people read it, in the time zone of this machine, with its offset: the same text would
 * otherwise be another moment to whoever gets it by mail. A text that is no instant is left as it is.
 */
export const localTime = (instant: string | Date, withMs = false): string => {
  const date = new Date(instant)
  if (Number.isNaN(date.getTime())) return String(instant)
  const offset = -date.getTimezoneOffset()
  const sign = offset < 0 ? '-' : '+'
  const zone = `${sign}${two(Math.floor(Math.abs(offset) / 60))}:${two(Math.abs(offset) % 60)}`
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
  const time = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`
  return `${day} ${time}${withMs ? `.${String(date.getMilliseconds()).padStart(3, '0')}` : ''} ${zone}`
}

/** A duration in milliseconds as people read it: `12 ms`, `3.4 s`, `5 min`, `2 h`, `3 d`. */
export const duration = (ms: number): string => {
  const sizes: readonly (readonly [unit: string, size: number])[] = [
    ['d', 86_400_000],
    ['h', 3_600_000],
    ['min', 60_000],
    ['s', 1000],
  ]
  const [unit, size] = sizes.find(([, least]) => Math.abs(ms) >= least) ?? ['ms', 1]
  return `${Math.round((ms / size) * 10) / 10} ${unit}`
}
