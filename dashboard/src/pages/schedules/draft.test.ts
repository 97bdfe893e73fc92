import { expect, test } from 'vitest'
import { bodyOf, draftOf, EMPTY, patchOf } from './draft.ts'
import type { Schedule } from './queries.ts'

const schedule: Schedule = {
  ...{
    name: 'daily',
    cron: '0 9 * * *',
    timeZone: 'Europe/Berlin',
    startsAt: null,
    exclude: [],
    jitterSeconds: 0,
  },
  ...{
    missed: 'once',
    missedWithinSeconds: 86_400,
    concurrent: 'allow',
    dstGap: 'next',
    dstOverlap: 'first',
  },
  endsAt: { local: '2027-01-01T09:00:30', timeZone: 'Europe/Berlin', disambiguation: 'later' },
  notification: {
    ...{ channel: 'webhook', to: 'https://example.com', payload: { a: 1 }, headers: { 'X-Token': 'hidden' } },
    ...{ expiresAt: { delay: '1h' }, groupKey: 'g' },
  },
  ...{ state: 'active', nextRuns: [], lastRun: null, declared: false, version: 3 },
  ...{ createdAt: '2026-12-01T00:00:00.000Z', updatedAt: '2026-12-01T00:00:00.000Z' },
}

test('a form that was not touched changes nothing: times stay in the form in which they were given, secrets where they are', () => {
  const { draft, headers, secret } = draftOf(schedule)
  expect([draft.ends.local, draft.version, secret]).toEqual(['2027-01-01T09:00', 3, ['X-Token']])
  const { headers: _hidden, ...notification } = schedule.notification as Record<string, unknown>
  expect(patchOf(schedule, draft, headers)).toEqual({
    ...{
      cron: '0 9 * * *',
      timeZone: 'Europe/Berlin',
      endsAt: schedule.endsAt,
      exclude: null,
      jitterSeconds: 0,
    },
    ...{
      missed: 'once',
      missedWithinSeconds: 86_400,
      concurrent: 'allow',
      dstGap: 'next',
      dstOverlap: 'first',
    },
    notification,
  })
})

test('what the form has no more is cleared: another kind of rule, no end, another target', () => {
  const { draft } = draftOf(schedule)
  const changed = {
    ...draft,
    ...{ ruleKind: 'rrule' as const, rule: 'FREQ=DAILY', ends: { ...draft.ends, local: '' } },
    ...{ target: 'publish' as const, type: 'story', id: 'a' },
  }
  expect(patchOf(schedule, changed, '')).toMatchObject({
    ...{ cron: null, rrule: 'FREQ=DAILY', endsAt: null },
    ...{ notification: null, publish: { type: 'story', id: 'a' } },
  })
})

test('a member of the message that was emptied is cleared', () => {
  const { draft } = draftOf(schedule)
  const emptied = { ...draft, message: { ...draft.message, groupKey: '' } }
  expect(patchOf(schedule, emptied, '')).toMatchObject({
    notification: { groupKey: null, expiresAt: { delay: '1h' } },
  })
})

test('a payload becomes what was typed, and not what it was together with that', () => {
  const { draft } = draftOf(schedule)
  const edited = { ...draft, message: { ...draft.message, payload: '{"b":{"c":2}}' } }
  expect(patchOf(schedule, edited, '')).toMatchObject({ notification: { payload: { a: null, b: { c: 2 } } } })
})

test('a new one says what was typed; a number that is none is left to the server', () => {
  const draft = { ...EMPTY, name: ' report ', exclude: '2026-12-25, 2027-01-01', jitterSeconds: 'much' }
  expect(bodyOf({ ...draft, target: 'task', taskName: 'resize', taskData: '{"a":1}' }, '')).toMatchObject({
    ...{ name: 'report', exclude: ['2026-12-25', '2027-01-01'], jitterSeconds: 'much' },
    task: { name: 'resize', data: { a: 1 } },
  })
})
