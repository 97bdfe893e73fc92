import { type Finding, instant } from './finding.ts'
import {
  createScheduleFacts,
  FIRST,
  isFull,
  type Place,
  type RunFact,
  type ScheduleFact,
} from './repository-schedules.ts'
import { readOnly } from './repository-session.ts'
import type { Source } from './source.ts'

const finding = (
  projectId: number,
  o: Pick<Finding, 'kind' | 'code' | 'subject' | 'id' | 'dueMs' | 'expected' | 'found'>,
): Finding => ({ ...o, projectId, reason: null })

const ofSchedule = (s: ScheduleFact): Finding[] =>
  s.isPlanted
    ? []
    : [
        finding(s.projectId, {
          ...{ kind: 'lost', code: 'no-timer-no-job', subject: 'schedule', id: s.name, dueMs: s.nextMs },
          expected: {
            en: 'a timer or a job of its generation, as it is active',
            ko: '활성 일정이므로 같은 세대의 타이머나 작업이 있어야 합니다',
          },
          found: {
            en: `neither: nobody will run it at ${instant(s.nextMs)}`,
            ko: `없습니다. ${instant(s.nextMs)}에 실행할 주체가 없습니다`,
          },
        }),
      ]

const ofRun = (projectId: number, run: RunFact, keptSinceMs: number): Finding[] => {
  const about = { subject: 'schedule run', id: run.id, dueMs: run.dueMs }
  const found: Finding[] = []
  if (!run.isPlanted)
    found.push(
      finding(projectId, {
        ...{ ...about, kind: 'lost', code: 'no-timer-no-job' },
        expected: {
          en: `a timer or a job, as it waits (${run.name})`,
          ko: `기다리는 실행이므로 타이머나 작업(${run.name})`,
        },
        found: { en: 'neither', ko: '없습니다' },
      }),
    )
  if (run.state === 'started' && run.startedMs !== null && run.startedMs < run.dueMs)
    found.push(
      finding(projectId, {
        ...{ ...about, kind: 'early', code: 'started-early' },
        expected: {
          en: `not before ${instant(run.dueMs)} (${run.name})`,
          ko: `${instant(run.dueMs)} 이후(${run.name})`,
        },
        found: {
          en: `it started at ${instant(run.startedMs)}`,
          ko: `${instant(run.startedMs)}에 시작했습니다`,
        },
      }),
    )
  if (run.hasNotification === false && (run.finishedMs ?? 0) >= keptSinceMs)
    found.push(
      finding(projectId, {
        ...{ ...about, kind: 'lost', code: 'run-without-notification' },
        expected: {
          en: `the notification that it has started (${run.name})`,
          ko: `시작한 알림(${run.name})`,
        },
        found: { en: 'no such row', ko: '행이 없습니다' },
      }),
    )
  return found
}

/** Recurring schedules: each active one has its next run, and each run what it has started. */
export const scheduleSource: Source = {
  async verify({ db, tables, queueSchema, projectIds, period, keptSinceMs, report }) {
    const facts = createScheduleFacts(tables, queueSchema)
    let [schedules, runs] = [0, 0]
    for (const projectId of projectIds) {
      let lastId: string | null = null
      for (let page: ScheduleFact[] = []; lastId === null || isFull(page);) {
        const after: string | null = lastId
        page = await readOnly(db, (tx) => facts.schedules(tx, projectId, after))
        for (const one of page) report(ofSchedule(one))
        schedules += page.length
        lastId = page.at(-1)?.id ?? ''
        if (page.length === 0) break
      }
      let place: Place | null = FIRST(Math.max(period.fromMs, keptSinceMs, 0))
      while (place !== null) {
        const from: Place = place
        const page = await readOnly(db, (tx) => facts.runs(tx, projectId, from, period.toMs))
        for (const run of page) report(ofRun(projectId, run, keptSinceMs))
        runs += page.length
        place = isFull(page) ? (page.at(-1) ?? null) : null
      }
    }
    return schedules + runs === 0 ? {} : { schedules, runs }
  },
}
