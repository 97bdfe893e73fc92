import { expect, test } from 'vitest'
import type { Machine } from './machine.ts'
import { render, type Run } from './report.ts'
import { atMost, rowsOf, type Scenario } from './scenario.ts'

const machine: Machine = {
  ...{
    cpu: 'a processor',
    cores: 2,
    memoryGb: 8,
    system: 'linux',
    node: '24.0.0',
    postgres: '18.0',
    pgBoss: '12.35.0',
  },
  ...{ yeyak: '0.1.0', settings: { fsync: 'on' }, commitMs: 0.3 },
}

const goals = {
  p99: { what: 'p99 late', unit: 'ms', bound: atMost(15, 'ms') },
  p50: { what: 'p50 late', unit: 'ms' },
}

const scenario = (name: string): Scenario => ({
  ...{ name, title: `Title of ${name}`, about: 'What is measured.', goals },
  run: () => Promise.reject(new Error('not in this test')),
})

const run = (p99: number[]): Run => ({
  ...{ date: '2026-11-22', seconds: 7, rounds: 3, machine, tables: [] },
  rows: rowsOf(goals, { p99, p50: 2 }),
})

test('a result is the median of its rounds, and stands beside its goal', () => {
  const page = render([scenario('a')], { a: run([9, 30, 12.34]) })
  expect(page).toContain('| p99 late | 12.3 ms | 9 · 30 · 12.3 | ≤ 15 ms | met |')
  expect(page).toContain('All goals are met: 1.')
})

test('a goal that was missed is said at the head of the page and in its table', () => {
  const page = render([scenario('a')], { a: run([16, 17, 18]) })
  expect(page).toContain('0 of 1 goals are met. Missed:')
  expect(page).toContain('- Title of a, p99 late: 17 ms, goal ≤ 15 ms')
  expect(page).toContain('| ≤ 15 ms | **missed** |')
})

test('a scenario that was not run says so, and one that was run elsewhere says where', () => {
  const elsewhere = { ...run([1, 2, 3]), date: '2026-11-01', machine: { ...machine, cores: 64 } }
  const page = render([scenario('a'), scenario('b'), scenario('c')], { a: run([1, 2, 3]), b: elsewhere })
  expect(page).toContain('Measured on 2026-11-22, in 7 s')
  expect(page).toContain('Measured on 2026-11-01 on a processor, 64 cores')
  expect(page).toContain('Not measured yet: `npm run bench -- c`.')
})

test('a figure that is missing fails the scenario instead of standing in the page as a blank', () => {
  expect(() => rowsOf(goals, { p99: [], p50: 1 })).toThrow('no figure for "p99 late"')
})
