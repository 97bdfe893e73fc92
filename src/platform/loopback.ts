import { BlockList, isIP } from 'node:net'

const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8)
loopback.addAddress('::1', 'ipv6')

/** Whether only this machine can connect to what listens on `host`. */
export function isLoopback(host: string): boolean {
  const address = host.replace(/^\[(.*)\]$/, '$1')
  const version = isIP(address)
  // Any other name may resolve to anything, and to something else tomorrow.
  if (version === 0) return address.toLowerCase() === 'localhost'
  return loopback.check(address, version === 6 ? 'ipv6' : 'ipv4')
}
