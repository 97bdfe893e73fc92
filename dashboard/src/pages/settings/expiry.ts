import { toInstant } from '../../i18n/zone.ts'

export const EXPIRIES = ['never', '30d', '90d', '365d', 'at'] as const
export type Expiry = (typeof EXPIRIES)[number]

/** As the API takes it; undefined for never, null while the time is missing. */
export const expiresAtOf = (expiry: Expiry, local: string, timeZone: string) => {
  if (expiry === 'never') return undefined
  return expiry === 'at' ? toInstant(local, timeZone) : { delay: expiry }
}
