import type { View } from './gather.ts'

const DAYS: Partial<Record<View, number>> = { day: 1, week: 7 }

/** The day that is shown one step on: a day, a week, or the first of the next month. */
export const stepped = (date: string, view: View, by: -1 | 1): string => {
  const day = new Date(`${date}T00:00:00Z`)
  const days = DAYS[view]
  if (days === undefined) day.setUTCMonth(day.getUTCMonth() + by, 1)
  else day.setUTCDate(day.getUTCDate() + by * days)
  return day.toISOString().slice(0, 10)
}
