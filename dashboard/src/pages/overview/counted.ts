import { useFormat } from '../../i18n/preferences.tsx'

/** Above it the server counts no further what is due, and what is overdue. */
const MOST = 10_000

/** A number as it was counted: with a plus where counting has ended. */
export const useCounted = () => {
  const format = useFormat()
  return (value: number, most = MOST): string => `${format.number(value)}${value >= most ? '+' : ''}`
}
