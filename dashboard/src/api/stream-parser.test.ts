import { expect, test } from 'vitest'
import { createStreamParser } from './stream-parser.ts'

const told = (id: string) => ({
  id,
  type: 'notification.created',
  at: '2026-12-01T00:00:00.000Z',
  subject: { kind: 'notification', id: 'n' },
  data: {},
})
const block = (id: string) => `id: ${id}\nevent: notification.created\ndata: ${JSON.stringify(told(id))}\n\n`

test('events are taken in whatever pieces they come', () => {
  const whole = `id: 5\n\n: a comment\n\n${block('6')}${block('7')}`
  for (const size of [1, 2, 7, 1000]) {
    const parser = createStreamParser()
    const items = []
    for (let at = 0; at < whole.length; at += size) items.push(...parser.push(whole.slice(at, at + size)))
    expect(items).toEqual([
      { event: 'told', told: told('6') },
      { event: 'told', told: told('7') },
    ])
    expect(parser.lastId).toBe('7')
  }
})

test('a connection goes on after the last whole event, and half a one is not taken', () => {
  const parser = createStreamParser()
  parser.push(`${block('8')}id: 9\nevent: notification.cre`)
  parser.cut()
  expect(parser.lastId).toBe('8')
  expect(parser.push(block('9'))).toEqual([{ event: 'told', told: told('9') }])
})

test('a reset is told, and another caller begins anew', () => {
  const parser = createStreamParser()
  expect(parser.push('id: 3\nevent: reset\ndata: {"after":"1"}\n\n')).toEqual([{ event: 'reset' }])
  parser.forget()
  expect(parser.lastId).toBeNull()
})
