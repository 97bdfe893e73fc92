import { Writable } from 'node:stream'
import { expect, test } from 'vitest'
import { createLog } from '../../platform/log.ts'
import { createRegistry } from '../registry.ts'
import { createLogChannel } from './log-channel.ts'

const channelWith = () => {
  const lines: string[] = []
  const destination = new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(...chunk.toString('utf8').trimEnd().split('\n'))
      done()
    },
  })
  return { lines, channel: createLogChannel(createLog({ format: 'json', level: 'info', destination })) }
}
const messageOf = (text: string) => ({
  ...{ id: '0199f0a0-0000-7000-8000-000000000000', attempt: 1, dueAt: new Date(), to: null },
  content: { message: text },
})

test('a message is one record, whose msg is the line of the contract and nothing else', async () => {
  const { channel, lines } = channelWith()
  const outcome = await channel.send(messageOf('Hello\nWorld %s {} 🎉'), new AbortController().signal)
  expect(outcome).toEqual({ kind: 'delivered' })
  expect(lines).toHaveLength(1)
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({
    msg: String.raw`✅ [알림 발송 성공] Hello\nWorld %s {} 🎉`,
  })
})

test('channels are found by name; a name twice is a mistake in the program', () => {
  const { channel } = channelWith()
  const registry = createRegistry([channel])
  expect(registry.names).toEqual(['log'])
  expect(registry.get('log')).toBe(channel)
  expect(registry.get('constructor')).toBeUndefined()
  expect(() => createRegistry([channel, channel])).toThrow('two channels bear the same name')
})
