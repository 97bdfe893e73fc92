import { both, type Check, databaseCheck, ok, type Result } from './check.ts'
import { readServer, type ServerFacts } from './repository-server.ts'

const OLDEST = 14
const NEWEST = 18
/** What a process opens beside its general pool: deliveries, requests, hand-overs, the one that listens. */
const FIXED_CONNECTIONS = 22

const versionOf = ({ major, version, isStandby }: ServerFacts): Result => {
  if (major < OLDEST)
    return {
      status: 'problem',
      text: { en: `PostgreSQL ${version} is too old`, ko: `PostgreSQL ${version}은(는) 너무 오래되었습니다` },
      mend: { en: `upgrade it to ${OLDEST} or later`, ko: `${OLDEST} 이상으로 올리십시오` },
    }
  if (isStandby)
    return {
      status: 'problem',
      text: {
        en: `PostgreSQL ${version} is a standby, which takes no writes`,
        ko: `PostgreSQL ${version}은(는) 쓸 수 없는 대기 서버입니다`,
      },
      mend: { en: 'name the primary in DATABASE_URL', ko: 'DATABASE_URL에 주 서버를 지정하십시오' },
    }
  return major > NEWEST
    ? {
        status: 'warning',
        text: {
          en: `PostgreSQL ${version}: newer than what this version of Yeyak was tested with (${NEWEST})`,
          ko: `PostgreSQL ${version}: 이 Yeyak이 시험된 버전(${NEWEST})보다 새것입니다`,
        },
        mend: { en: 'look for a newer version of Yeyak', ko: '새 Yeyak이 있는지 확인하십시오' },
      }
    : ok(`PostgreSQL ${version}`, `PostgreSQL ${version}`)
}

/** A 2xx means committed, and with one of these off a crash of the server may take back what was committed. */
const durability = ({ settings }: ServerFacts): Result[] => {
  const off = ['fsync', 'full_page_writes', 'synchronous_commit'].filter((name) => settings[name] === 'off')
  if (off.length === 0)
    return [ok('what was committed survives a crash', '커밋한 것은 서버가 죽어도 남습니다')]
  return off.map((name) => ({
    status: 'problem',
    text: {
      en: `${name} is off: what was accepted can be lost when the database server or its machine dies`,
      ko: `${name}이(가) off입니다: 데이터베이스 서버나 기계가 멈추면 접수한 것을 잃을 수 있습니다`,
    },
    mend:
      name === 'synchronous_commit'
        ? {
            en: 'alter role <user> reset synchronous_commit; or alter system reset synchronous_commit; select pg_reload_conf()',
            ko: 'alter role <사용자> reset synchronous_commit; 또는 alter system reset synchronous_commit; select pg_reload_conf()',
          }
        : both(`alter system set ${name} = on; select pg_reload_conf()`),
  }))
}

const msOf = (setting: string | null | undefined): number => Number.parseInt(setting ?? '0', 10)

const sessions = ({ settings }: ServerFacts): Result[] => {
  const reset = (name: string) => ({
    en: `alter role <user> reset ${name}`,
    ko: `alter role <사용자> reset ${name}`,
  })
  const found: Result[] = []
  if (settings['default_transaction_read_only'] === 'on')
    found.push({
      status: 'problem',
      text: {
        en: 'default_transaction_read_only is on: nothing can be written',
        ko: 'default_transaction_read_only가 on이므로 쓸 수 없습니다',
      },
      mend: reset('default_transaction_read_only'),
    })
  if (settings['default_transaction_isolation'] !== 'read committed')
    found.push({
      status: 'problem',
      text: {
        en: `default_transaction_isolation is ${settings['default_transaction_isolation']}: statements that wait for a row fail instead`,
        ko: `default_transaction_isolation이 ${settings['default_transaction_isolation']}이므로 행을 기다리는 문장이 실패합니다`,
      },
      mend: reset('default_transaction_isolation'),
    })
  for (const [name, leastMs] of [
    ['idle_session_timeout', 120_000],
    ['transaction_timeout', 60_000],
    ['lock_timeout', 2_000],
  ] as const) {
    const givenMs = msOf(settings[name])
    if (givenMs > 0 && givenMs < leastMs)
      found.push({
        status: 'warning',
        text: {
          en: `${name} is ${givenMs} ms: it ends what Yeyak still needs`,
          ko: `${name}이(가) ${givenMs} ms이므로 Yeyak이 아직 쓰는 것을 끊습니다`,
        },
        mend: reset(name),
      })
  }
  if (settings['jit'] === 'on')
    found.push({
      status: 'warning',
      text: {
        en: 'jit is on: a long list or report is compiled for longer than it runs',
        ko: 'jit이 on이므로 긴 목록이나 보고에서 컴파일이 실행보다 오래 걸립니다',
      },
      mend: { en: 'alter database <name> set jit = off', ko: 'alter database <이름> set jit = off' },
    })
  return found.length === 0
    ? [ok('sessions of this role are as they should be', '세션 설정이 알맞습니다')]
    : found
}

const connections = (facts: ServerFacts, pool: number): Result => {
  const perProcess = pool + FIXED_CONNECTIONS
  const free = facts.maxConnections - facts.reservedConnections - facts.connections
  const said = {
    en: `${facts.connections} of ${facts.maxConnections} connections are in use, ${facts.ours} by Yeyak; a process takes up to ${perProcess}`,
    ko: `연결 ${facts.maxConnections}개 가운데 ${facts.connections}개를 쓰며 Yeyak이 ${facts.ours}개입니다. 프로세스 하나는 ${perProcess}개까지 씁니다`,
  }
  if (free >= perProcess) return { status: 'ok', text: said }
  return {
    status: free <= 0 ? 'problem' : 'warning',
    text: said,
    mend: {
      en: 'raise max_connections, lower YEYAK_DATABASE_POOL, or put a pooler in session mode in front',
      ko: 'max_connections를 늘리거나 YEYAK_DATABASE_POOL을 줄이거나 세션 모드 풀러를 두십시오',
    },
  }
}

export const serverCheck: Check = databaseCheck({
  name: 'server',
  title: { en: 'database server', ko: '데이터베이스 서버' },
  async run({ db, config }) {
    const facts = await readServer(db)
    return [
      versionOf(facts),
      ...durability(facts),
      ...sessions(facts),
      connections(facts, config.databasePool),
    ]
  },
})
