import { expect, test } from 'vitest'
import { createBodyBudget } from './body-budget.ts'

const MB = 1024 * 1024
const request = (bytes: number) => ({ headers: { 'content-length': String(bytes) } })

test('bodies beyond the budget are refused for a moment, and taken again once others are done', () => {
  const budget = createBodyBudget()
  const first = request(16 * MB)
  const second = request(16 * MB)
  expect(budget.take(first)).toBeUndefined()
  expect(budget.take(second)).toBeUndefined()
  const refusal = budget.take(request(MB))
  expect(refusal).toMatchObject({ code: 'unavailable', members: { reason: 'overloaded' } })
  expect(refusal?.headers).toEqual({ 'retry-after': '1' })
  budget.giveBack(first)
  budget.giveBack(first)
  expect(budget.take(request(16 * MB))).toBeUndefined()
  expect(budget.take(request(MB))).toBeDefined()
})

test('small bodies are always taken, and one large body alone', () => {
  const budget = createBodyBudget()
  expect(budget.take(request(100 * MB))).toBeUndefined()
  expect(budget.take(request(1_000))).toBeUndefined()
})

test('a body without a length counts for what has come of it', () => {
  const budget = createBodyBudget()
  const chunked = () => ({ headers: { 'transfer-encoding': 'chunked' } })
  const [first, second] = [chunked(), chunked()]
  expect([budget.take(first), budget.take(second)]).toEqual([undefined, undefined])
  expect(budget.grow(first, 30 * MB)).toBeUndefined()
  expect(budget.grow(second, MB)).toBeUndefined()
  expect(budget.grow(second, 3 * MB)).toMatchObject({ code: 'unavailable' })
  budget.giveBack(first)
  expect(budget.grow(second, 3 * MB)).toBeUndefined()
})

test('bodies of routes that take little are not counted, whether or not they have a length', () => {
  const budget = createBodyBudget()
  const chunked = () => ({ headers: { 'transfer-encoding': 'chunked' } })
  for (let i = 0; i < 1_000; i += 1) expect(budget.take(chunked(), 8 * 1024)).toBeUndefined()
  expect(budget.take(request(32 * MB))).toBeUndefined()
})
