import { duration } from '../time.ts'
import { type Check, databaseCheck, ok, type Result } from './check.ts'
import { echo } from './repository-echo.ts'
import { readClock } from './repository-server.ts'

export const listenCheck: Check = databaseCheck({
  name: 'listen',
  title: { en: 'wake-ups', ko: '알림(LISTEN)' },
  async run({ connection, config }): Promise<Result[]> {
    const { heardMs, isPooled, keepsSettings } = await echo(connection)
    const results: Result[] = []
    if (heardMs === null)
      results.push({
        status: 'warning',
        text: {
          en: `LISTEN hears nothing${isPooled ? ' behind this pooler' : ''}: wake-ups are lost, and what falls due may start up to ${config.pollSeconds} s late`,
          ko: `${isPooled ? '풀러 뒤에서 ' : ''}LISTEN으로 아무것도 들리지 않습니다: 예정된 것이 최대 ${config.pollSeconds}초 늦게 시작할 수 있습니다`,
        },
        mend: {
          en: 'connect to PostgreSQL directly, or to a pooler in session mode (pool_mode = session)',
          ko: 'PostgreSQL에 직접 연결하거나 세션 모드 풀러(pool_mode = session)를 쓰십시오',
        },
      })
    if (!keepsSettings)
      results.push({
        status: 'warning',
        text: {
          en: 'the settings of a session are lost on the way: no plan can be kept, and sending is slower',
          ko: '세션 설정이 도중에 사라집니다: 실행 계획을 유지할 수 없어 느려집니다',
        },
        mend: {
          en: 'connect to PostgreSQL directly, or let the pooler pass "options" on',
          ko: 'PostgreSQL에 직접 연결하거나 풀러가 "options"를 전달하게 하십시오',
        },
      })
    if (results.length > 0 || heardMs === null) return results
    const pooled = isPooled ? { en: ', through a pooler', ko: ', 풀러 경유' } : { en: '', ko: '' }
    return [
      ok(`heard after ${duration(heardMs)}${pooled.en}`, `${duration(heardMs)} 만에 들렸습니다${pooled.ko}`),
    ]
  },
})

const SAMPLES = 5
/** Everything is decided by the database's clock: a difference disturbs people and logs, not the sending. */
const MOST_MS = 1000

export const clockCheck: Check = databaseCheck({
  name: 'clock',
  title: { en: 'clock', ko: '시계' },
  async run({ db }): Promise<Result[]> {
    const samples = []
    for (let i = 0; i < SAMPLES; i += 1) samples.push(await readClock(db))
    const [best] = samples.toSorted((a, b) => a.receivedMs - a.sentMs - (b.receivedMs - b.sentMs))
    if (best === undefined) return []
    const errorMs = (best.receivedMs - best.sentMs) / 2
    const aheadMs = (best.sentMs + best.receivedMs) / 2 - best.databaseMs
    const size = `${duration(Math.abs(aheadMs))} ± ${duration(errorMs)}`
    if (Math.abs(aheadMs) - errorMs <= MOST_MS)
      return [ok(`this machine and the database differ by ${size}`, `이 기계와 데이터베이스의 차이 ${size}`)]
    return [
      {
        status: 'warning',
        text: {
          en: `this machine is ${size} ${aheadMs > 0 ? 'ahead of' : 'behind'} the database, by whose clock everything is sent`,
          ko: `이 기계가 발송의 기준인 데이터베이스보다 ${size} ${aheadMs > 0 ? '빠릅니다' : '느립니다'}`,
        },
        mend: {
          en: 'find out which one is wrong, and let a time service (chrony, systemd-timesyncd) set both: timedatectl status',
          ko: '어느 쪽이 틀렸는지 확인하고 두 기계의 시간 동기화(chrony, systemd-timesyncd)를 켜십시오: timedatectl status',
        },
      },
    ]
  },
})
