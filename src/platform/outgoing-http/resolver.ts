import type { LookupFunction } from 'node:net'
import { callbackify } from 'node:util'
import type { Guard, Refusal } from './guard.ts'

export interface ResolvedAddress {
  address: string
  family: number
}

/** All addresses of a host name. Rejects with an error that has a `code` (`ENOTFOUND`, `EAI_AGAIN`, …). */
export type Lookup = (hostname: string) => Promise<readonly ResolvedAddress[]>

/** None of the addresses of a name may be connected to. They are for the operator's log only. */
export class AddressNotAllowedError extends Error {
  override readonly name = 'AddressNotAllowedError'
  readonly addresses: readonly string[]
  readonly refusal: Refusal

  constructor(addresses: readonly string[], refusal: Refusal) {
    super('no address of this name may be connected to')
    this.addresses = addresses
    this.refusal = refusal
  }
}

const noAddress = (): Error => Object.assign(new Error('the name has no address'), { code: 'ENOTFOUND' })

/**
 * What sockets ask for the addresses of a name. It looks each name up once a connection, and hands on only what may be
 * connected to: no second look-up could bring in another address in between.
 *
 * Connections that ask for one name at the same time share a look-up: the system's resolver blocks one of only four
 * threads as long as it waits for an answer, and so one dead name would hold up all others.
 */
export const createResolver = (guard: Guard, lookup: Lookup): LookupFunction => {
  const pending = new Map<string, Promise<readonly ResolvedAddress[]>>()

  const shared = (hostname: string): Promise<readonly ResolvedAddress[]> => {
    const running = pending.get(hostname)
    if (running !== undefined) return running
    const started = lookup(hostname).finally(() => pending.delete(hostname))
    pending.set(hostname, started)
    return started
  }

  const allowed = callbackify(async (hostname: string): Promise<[ResolvedAddress, ...ResolvedAddress[]]> => {
    const addresses = await shared(hostname)
    if (addresses.length === 0) throw noAddress()
    const [first, ...others] = guard.keep(hostname, addresses)
    if (first === undefined)
      throw new AddressNotAllowedError(
        addresses.map(({ address }) => address),
        guard.notAllowed,
      )
    return [first, ...others]
  })

  return (hostname, options, callback) =>
    allowed(hostname, (error, kept) => {
      if (error !== null) callback(error, '')
      else if (options.all === true) callback(null, kept)
      else callback(null, kept[0].address, kept[0].family)
    })
}
