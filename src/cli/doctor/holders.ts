import { duration } from '../time.ts'
import { both, type Check, databaseCheck, ok, type Result } from './check.ts'
import { type Holder, readHolders } from './repository-tables.ts'

/** Nobody who is asked nothing keeps a transaction open for longer; a statement or a backup may well. */
const MOST_SECONDS = { idle: 5, transaction: 60, prepared: 5, slot: 0 } as const

const resultOf = ({ kind, id, who, seconds }: Holder): Result => {
  const age = duration(seconds * 1000)
  switch (kind) {
    case 'idle':
    case 'transaction': {
      const mend = `select pg_terminate_backend(${id})`
      return {
        status: 'warning',
        text: {
          en: `backend ${id} (${who}) holds a transaction open for ${age}${kind === 'idle' ? ', idle' : ''}: dead rows pile up, and events wait`,
          ko: `백엔드 ${id}(${who})이(가) ${age} 동안 트랜잭션을 열어 두었습니다${kind === 'idle' ? '(유휴)' : ''}: 죽은 행이 쌓이고 이벤트가 기다립니다`,
        },
        mend: both(mend),
      }
    }
    case 'prepared': {
      const mend = `rollback prepared '${id.replaceAll("'", "''")}'`
      return {
        status: 'warning',
        text: {
          en: `the prepared transaction ${id} of ${who} is open for ${age}: it outlives even a restart`,
          ko: `${who}의 준비된 트랜잭션 ${id}이(가) ${age} 동안 열려 있습니다. 다시 시작해도 남습니다`,
        },
        mend: both(mend),
      }
    }
    case 'slot': {
      const mend = `select pg_drop_replication_slot('${id.replaceAll("'", "''")}')`
      return {
        status: 'warning',
        text: {
          en: `the replication slot ${id} (${who}) keeps dead rows since ${seconds.toLocaleString('en')} transactions`,
          ko: `복제 슬롯 ${id}(${who})이(가) 트랜잭션 ${seconds.toLocaleString('en')}개 전부터 죽은 행을 붙들고 있습니다`,
        },
        mend: { en: `let its reader catch up, or ${mend}`, ko: `읽는 쪽이 따라잡게 하거나 ${mend}` },
      }
    }
  }
}

export const holderCheck: Check = databaseCheck({
  name: 'transactions',
  title: { en: 'held transactions', ko: '열린 트랜잭션' },
  async run({ db }): Promise<Result[]> {
    const held = (await readHolders(db)).filter(({ kind, seconds }) => seconds >= MOST_SECONDS[kind])
    return held.length === 0
      ? [ok('nobody keeps dead rows from being removed', '죽은 행의 정리를 막는 것이 없습니다')]
      : held.map(resultOf)
  },
})
