import { isLoopback } from '../../platform/loopback.ts'
import { createTables, hasTable } from '../../platform/tables.ts'
import { both, type Check, databaseCheck, ok, type Result, skipped } from './check.ts'
import { hasCredentials } from './repository-work.ts'

/** One setting that cannot be read; nothing of it is shown beyond what the parser of settings shows. */
export interface SettingFault {
  setting: string
  wrong: string
  mend: string
}

const faultOf = ({ setting, wrong, mend }: SettingFault): Result => ({
  status: 'problem',
  text: both(`${setting}: ${wrong}`),
  mend: both(mend),
})

export const settingsCheck = (faults: readonly SettingFault[]): Check => ({
  name: 'settings',
  title: { en: 'settings', ko: '설정' },
  async run({ config }) {
    if (faults.length > 0) return faults.map(faultOf)
    if (config === null) return [skipped('there are none', '설정이 없습니다')]
    if (config.auth === 'on' || isLoopback(config.http.host))
      return [ok('they can be read', '모두 읽을 수 있습니다')]
    return [
      {
        status: 'warning',
        text: {
          en: `YEYAK_AUTH=off on ${config.http.host}: whoever can connect may schedule, read and cancel`,
          ko: `${config.http.host}에서 YEYAK_AUTH=off입니다: 연결할 수 있는 누구나 예약, 조회, 취소할 수 있습니다`,
        },
        mend: {
          en: 'make a key (yeyak keys create) and remove YEYAK_AUTH, or keep it behind a network that decides who may',
          ko: '키를 만들고(yeyak keys create) YEYAK_AUTH를 지우거나, 접근을 제한하는 네트워크 안에 두십시오',
        },
      },
    ]
  },
})

export const accessCheck = databaseCheck({
  name: 'access',
  title: { en: 'access', ko: '접근' },
  async run({ db, config }) {
    if (config.auth === 'off')
      return [
        skipped('YEYAK_AUTH=off: nobody is asked who he is', 'YEYAK_AUTH=off: 누구인지 확인하지 않습니다'),
      ]
    if (!(await hasTable(db, config.schema, 'api_keys')))
      return [skipped('there are no tables', '테이블이 없습니다')]
    if (config.client.apiKey !== '' || (await hasCredentials(db, createTables(config.schema))))
      return [
        ok('there is a key or a user: others are turned away', '키나 사용자가 있습니다. 나머지는 거절됩니다'),
      ]
    const mend = {
      en: 'make a key: yeyak keys create --name first --scopes admin',
      ko: '키를 만드십시오: yeyak keys create --name first --scopes admin',
    }
    return isLoopback(config.http.host)
      ? [
          {
            status: 'warning',
            text: {
              en: 'no key and no user: the API is open to every program on this machine',
              ko: '키도 사용자도 없습니다: 이 기계의 모든 프로그램이 API를 쓸 수 있습니다',
            },
            mend,
          },
        ]
      : [
          {
            status: 'problem',
            text: {
              en: `no key and no user, and HOST is ${config.http.host}: the API refuses to start`,
              ko: `키도 사용자도 없고 HOST가 ${config.http.host}이므로 API가 시작하지 않습니다`,
            },
            mend,
          },
        ]
  },
})
