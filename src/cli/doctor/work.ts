import { createTables } from '../../platform/tables.ts'
import { duration } from '../time.ts'
import { type Check, databaseCheck, ok, type Result } from './check.ts'
import { OVERDUE_LIMIT, readFeeds, readWork } from './repository-work.ts'

const START = {
  en: 'start one: yeyak start, or yeyak worker beside yeyak api',
  ko: '시작하십시오: yeyak start, 또는 yeyak api와 함께 yeyak worker',
}

export const workerCheck: Check = databaseCheck({
  name: 'workers',
  title: { en: 'workers', ko: '워커' },
  async run({ db, config }): Promise<Result[]> {
    const { workers, connections, overdue, paused } = await readWork(db, createTables(config.schema))
    const isAlive = connections > 0 || (workers?.alive ?? 0) > 0
    const waiting = `${overdue.toLocaleString('en')}${overdue === OVERDUE_LIMIT ? '+' : ''}`
    const results: Result[] = []
    if (!isAlive)
      results.push({
        status: overdue > 0 ? 'problem' : 'warning',
        text: {
          en: `no worker is alive: nothing is sent${overdue > 0 ? `, and ${waiting} are overdue` : ''}`,
          ko: `동작하는 워커가 없어 아무것도 보내지 않습니다${overdue > 0 ? `. 밀린 것 ${waiting}개` : ''}`,
        },
        mend: START,
      })
    else if (overdue > 0)
      results.push({
        status: 'problem',
        text: {
          en: `${waiting} are due for more than a minute and not handed over`,
          ko: `예정 시각이 1분 넘게 지났는데 넘겨지지 않은 것이 ${waiting}개입니다`,
        },
        mend: {
          en: 'see the log of the workers; does one run for these queues? yeyak verify says which they are',
          ko: '워커의 로그를 보십시오. 그 큐를 처리하는 워커가 있습니까? yeyak verify가 어느 것인지 보여 줍니다',
        },
      })
    if (paused.length > 0)
      results.push({
        status: 'warning',
        text: { en: `paused: ${paused.join(', ')}`, ko: `일시 중지: ${paused.join(', ')}` },
        mend: { en: 'POST /v1/queues/<name>/resume', ko: 'POST /v1/queues/<이름>/resume' },
      })
    if (results.length > 0) return results
    const count = workers === null || workers.alive === 0 ? '' : `${workers.alive} `
    return [ok(`${count}alive, nothing is overdue`, `${count}동작 중, 밀린 것이 없습니다`)]
  },
})

/** Sums and the like are made within seconds. */
const MOST_SECONDS = 300

export const feedCheck: Check = databaseCheck({
  name: 'feeds',
  title: { en: 'readers of events', ko: '이벤트를 읽는 쪽' },
  async run({ db, config }): Promise<Result[]> {
    const feeds = await readFeeds(db, createTables(config.schema))
    const behind = feeds.filter(({ behindSeconds }) => behindSeconds > MOST_SECONDS)
    if (behind.length === 0) return [ok('none is behind', '밀린 것이 없습니다')]
    return behind.map(({ name, behindSeconds }) => ({
      status: 'warning',
      text: {
        en: `${name} is ${duration(behindSeconds * 1000)} behind`,
        ko: `${name}이(가) ${duration(behindSeconds * 1000)} 밀려 있습니다`,
      },
      mend: {
        en: 'a worker reads them: see its log, and end transactions that are held open',
        ko: '워커가 읽습니다: 워커의 로그를 보고 열린 트랜잭션을 끝내십시오',
      },
    }))
  },
})
