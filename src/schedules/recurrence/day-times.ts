/** The times of a day at which a rule may run: every hour of a list with every minute and every second of lists. */
export interface DayTimes {
  /** How many there are in a day. */
  count: number
  /** The first one at or after a second of the day; -1 where there is none. */
  next(second: number): number
  /** By its place in the day, from 0. */
  at(index: number): number
}

/** The lists rise strictly and are not empty. */
export function createDayTimes(
  hours: readonly number[],
  minutes: readonly number[],
  seconds: readonly number[],
): DayTimes {
  const nextHour = nextIn(hours, 24)
  const nextMinute = nextIn(minutes, 60)
  const nextSecond = nextIn(seconds, 60)
  const firstMinute = minutes[0] ?? 0
  const firstSecond = seconds[0] ?? 0
  const perHour = minutes.length * seconds.length
  return {
    count: hours.length * perHour,
    next(from) {
      const hour = Math.floor(from / 3600)
      const minute = Math.floor(from / 60) % 60
      if (nextHour[hour] === hour) {
        if (nextMinute[minute] === minute) {
          const second = nextSecond[from % 60] ?? 60
          if (second < 60) return hour * 3600 + minute * 60 + second
        }
        const later = nextMinute[nextMinute[minute] === minute ? minute + 1 : minute] ?? 60
        if (later < 60) return hour * 3600 + later * 60 + firstSecond
      }
      const later = nextHour[nextHour[hour] === hour ? hour + 1 : hour] ?? 24
      return later < 24 ? later * 3600 + firstMinute * 60 + firstSecond : -1
    },
    at(index) {
      const hour = hours[Math.floor(index / perHour)] ?? 0
      const minute = minutes[Math.floor(index / seconds.length) % minutes.length] ?? 0
      return hour * 3600 + minute * 60 + (seconds[index % seconds.length] ?? 0)
    },
  }
}

/** For each value from 0 to `size` the first of the list that is not smaller, or `size`. */
function nextIn(list: readonly number[], size: number): Uint8Array {
  const next = new Uint8Array(size + 1).fill(size)
  const isIn = new Set(list)
  for (let i = size - 1; i >= 0; i--) next[i] = isIn.has(i) ? i : (next[i + 1] ?? size)
  return next
}
