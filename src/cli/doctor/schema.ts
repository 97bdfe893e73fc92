import { readStanding } from '../../boot/index.ts'
import { createLog } from '../../platform/log.ts'
import { type Check, databaseCheck, ok, type Result } from './check.ts'

const MIGRATE = {
  en: 'yeyak migrate (the next start does it, too)',
  ko: 'yeyak migrate(다음 시작 때에도 합니다)',
}
const UPGRADE = {
  en: 'run the later version of Yeyak that migrated it',
  ko: '이 데이터베이스를 마이그레이션한 새 버전의 Yeyak을 실행하십시오',
}

export const schemaCheck: Check = databaseCheck({
  name: 'schema',
  title: { en: 'tables', ko: '테이블' },
  async run({ db, config }): Promise<Result[]> {
    const log = createLog({ format: 'json', level: 'silent' })
    const { schema, queueSchema } = config
    const { applied, known, queue } = await readStanding({ db, schema, queueSchema, log })
    if (applied.length === 0)
      return [
        {
          status: 'problem',
          text: {
            en: `the schema ${schema} was never migrated`,
            ko: `${schema} 스키마가 마이그레이션되지 않았습니다`,
          },
          mend: MIGRATE,
        },
      ]
    const missing = known.filter((name) => !applied.includes(name))
    const unknown = applied.filter((name) => !known.includes(name))
    const ours: Result =
      unknown.length > 0
        ? {
            status: 'problem',
            text: {
              en: `a later version of Yeyak has migrated ${schema}: ${unknown.join(', ')}`,
              ko: `더 새로운 Yeyak이 ${schema}를 마이그레이션했습니다: ${unknown.join(', ')}`,
            },
            mend: UPGRADE,
          }
        : missing.length > 0
          ? {
              status: 'problem',
              text: {
                en: `${schema} lacks ${missing.join(', ')}`,
                ko: `${schema}에 ${missing.join(', ')}이(가) 없습니다`,
              },
              mend: MIGRATE,
            }
          : ok(`${schema} is at ${applied.at(-1)}`, `${schema}: ${applied.at(-1)}`)
    if (queue.found === queue.known)
      return [
        ours,
        ok(
          `${queueSchema} is at version ${queue.known} of pg-boss`,
          `${queueSchema}: pg-boss 버전 ${queue.known}`,
        ),
      ]
    return [
      ours,
      {
        status: 'problem',
        text: {
          en: `${queueSchema} is at version ${queue.found ?? 'none'} of pg-boss, this program makes ${queue.known}`,
          ko: `${queueSchema}의 pg-boss 버전은 ${queue.found ?? '없음'}이고 이 프로그램은 ${queue.known}입니다`,
        },
        mend: (queue.found ?? 0) > queue.known ? UPGRADE : MIGRATE,
      },
    ]
  },
})
