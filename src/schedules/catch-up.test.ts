import { expect, test } from 'vitest'
import { catchUp, MOST_MISSED, ON_TIME_MS } from './catch-up.ts'
import { DEFAULTS, type MissedPolicy } from './definition.ts'
import { compileRule } from './rule.ts'

const at = (text: string) => new Date(`2026-12-01T${text}Z`)
const turn = async () => {}

const decide = async (
  o: { cron: string; from: string; now: string; missed: MissedPolicy } & Partial<{
    within: number
    jitter: number
  }>,
) => {
  const rule = compileRule(
    { ...DEFAULTS, cron: o.cron, jitterSeconds: o.jitter ?? 0 },
    { id: 'a', anchorAt: at('00:00:00'), startsAt: null, endsAt: null },
  )
  const first = rule.next(new Date(at(o.from).getTime() - 1))
  if (first === null) throw new Error('no occurrence')
  const { run, missed, next } = await catchUp({
    ...{ rule, from: first, now: at(o.now), missed: o.missed, turn, onTimeMs: ON_TIME_MS },
    missedWithinSeconds: o.within ?? 86_400,
  })
  const clock = (date: Date | undefined) => date?.toISOString().slice(11, 19)
  return {
    run: run.map(({ occurrence, isMissed }) => `${clock(occurrence.at)}${isMissed ? ' missed' : ''}`),
    missed: missed && [clock(missed.from), clock(missed.to)],
    next: clock(next?.at),
  }
}

const HOURLY = '0 * * * *'

test('what is late by less than half a minute was not missed, whatever the policy', async () => {
  for (const missed of ['skip', 'once', 'all'] as const)
    expect(await decide({ cron: HOURLY, from: '09:00:00', now: '09:00:20', missed })).toEqual({
      ...{ run: ['09:00:00'], missed: null, next: '10:00:00' },
    })
})

test('three hours late, each policy gives exactly its count, oldest first', async () => {
  const late = { cron: HOURLY, from: '09:00:00', now: '11:30:00' }
  const missed = ['09:00:00', '11:00:00']
  expect(await decide({ ...late, missed: 'skip' })).toEqual({ run: [], missed, next: '12:00:00' })
  expect(await decide({ ...late, missed: 'once' })).toEqual({
    run: ['11:00:00 missed'],
    missed,
    next: '12:00:00',
  })
  expect(await decide({ ...late, missed: 'all' })).toEqual({
    ...{ run: ['09:00:00 missed', '10:00:00 missed', '11:00:00 missed'], missed, next: '12:00:00' },
  })
})

test('the latest one is run in its own right where its time has just come, and stands for the missed', async () => {
  const late = { cron: HOURLY, from: '09:00:00', now: '11:00:01' }
  expect((await decide({ ...late, missed: 'skip' })).run).toEqual(['11:00:00'])
  expect((await decide({ ...late, missed: 'once' })).run).toEqual(['11:00:00'])
  expect((await decide({ ...late, missed: 'all' })).run).toEqual([
    '09:00:00 missed',
    '10:00:00 missed',
    '11:00:00',
  ])
})

test('what was missed longer ago than the window is not made up for', async () => {
  const late = { cron: HOURLY, from: '03:00:00', now: '11:30:00', within: 2 * 3600 }
  expect((await decide({ ...late, missed: 'all' })).run).toEqual(['10:00:00 missed', '11:00:00 missed'])
  expect((await decide({ ...late, missed: 'once', within: 60 })).run).toEqual([])
})

test('of what runs every second, the latest thousand are made up for', async () => {
  const { run, next } = await decide({
    cron: '* * * * * *',
    from: '08:00:00',
    now: '11:00:00',
    missed: 'all',
  })
  expect(run).toHaveLength(MOST_MISSED)
  expect([run[0], run.at(-1), next]).toEqual(['10:43:21 missed', '11:00:00', '11:00:01'])
})

test('a jitter never lets one be run before its own time, and none is left out for it', async () => {
  const rule = { cron: '* * * * *', jitter: 50 }
  for (let second = 0; second < 60; second += 7) {
    const now = `09:05:${String(second).padStart(2, '0')}`
    const { run, next } = await decide({ ...rule, from: '09:00:00', now, missed: 'all' })
    const last = run.at(-1)?.slice(0, 8)
    expect([last, next]).toEqual(last === '09:05:00' ? ['09:05:00', '09:06:00'] : ['09:04:00', '09:05:00'])
  }
})

test('a rule that runs every second of some hours a day is caught up with to its very last one, in one go', async () => {
  const nightly = { cron: '* * 0-5 * * *', from: '00:00:00', now: '23:30:00' }
  expect(await decide({ ...nightly, missed: 'once' })).toEqual({
    ...{ run: ['05:59:59 missed'], missed: ['00:00:00', '05:59:59'], next: '00:00:00' },
  })
  const { run } = await decide({ ...nightly, missed: 'all' })
  expect([run.length, run[0], run.at(-1)]).toEqual([MOST_MISSED, '05:43:20 missed', '05:59:59 missed'])
})
