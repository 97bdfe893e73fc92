import type { Channel } from './channel.ts'

export interface ChannelRegistry {
  readonly names: readonly string[]
  get(name: string): Channel | undefined
  /** Lets go of all their connections. */
  close(): Promise<void>
}

export const createRegistry = (channels: readonly Channel[]): ChannelRegistry => {
  const byName = new Map(channels.map((channel) => [channel.name, channel]))
  if (byName.size !== channels.length) throw new Error('two channels bear the same name')
  const close = async () => {
    await Promise.all(channels.map(async (channel) => channel.close?.()))
  }
  return { names: [...byName.keys()], get: (name) => byName.get(name), close }
}
