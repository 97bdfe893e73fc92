import { both, type Check, databaseCheck, ok, type Result } from './check.ts'
import { EXPECTED_INDEXES } from './expected-indexes.ts'
import { megabytes } from './history.ts'
import { readIndexes, readVacuum } from './repository-tables.ts'

/** An entry takes 30 to 100 bytes: of more than this, most is empty. */
const BLOATED_BYTES_PER_ROW = 400
const BLOATED_BYTES = 100 * 1024 * 1024

const indexName = (name: string): string => name.slice(name.indexOf('.') + 1)

export const indexCheck: Check = databaseCheck({
  name: 'indexes',
  title: { en: 'indexes', ko: '인덱스' },
  async run({ db, config: { schema, queueSchema } }): Promise<Result[]> {
    const found = await readIndexes(db, [schema, queueSchema])
    const names = new Set(found.map(({ name }) => name))
    const missing = [...EXPECTED_INDEXES].filter(([name]) => !names.has(`${schema}.${name}`))
    const inSchema = (statement: string) => statement.replaceAll('SCHEMA.', `${schema}.`)
    const reindex = (name: string) => `reindex index concurrently ${name}`
    const results: Result[] = [
      ...missing.map(([name, statement]): Result => ({
        status: 'problem',
        text: { en: `${schema}.${name} is missing`, ko: `${schema}.${name}이(가) 없습니다` },
        mend: both(inSchema(statement)),
      })),
      ...found
        .filter(({ isValid }) => !isValid)
        .map(({ name }): Result => {
          const statement = EXPECTED_INDEXES.get(indexName(name))
          return {
            status: 'problem',
            text: {
              en: `${name} is not valid: it is not used, or does not hold`,
              ko: `${name}이(가) 유효하지 않습니다`,
            },
            mend: both(
              statement === undefined ? reindex(name) : `drop index ${name}; ${inSchema(statement)}`,
            ),
          }
        }),
      ...found
        .filter(({ bytes, rows }) => bytes > BLOATED_BYTES && bytes > rows * BLOATED_BYTES_PER_ROW)
        .map(({ name, bytes, rows }): Result => ({
          status: 'warning',
          text: {
            en: `${name} has ${megabytes(bytes)} for ${rows.toLocaleString('en')} rows: most of it is empty`,
            ko: `${name}은(는) 행 ${rows.toLocaleString('en')}개에 ${megabytes(bytes)}입니다. 대부분 비어 있습니다`,
          },
          mend: both(reindex(name)),
        })),
    ]
    return results.length > 0
      ? results
      : [ok(`all ${found.length} are there and valid`, `${found.length}개가 모두 있고 유효합니다`)]
  },
})

const DEAD_ROWS = 100_000
const UNANALYZED_ROWS = 50_000
const FREEZE_AGE = 1_000_000_000

export const vacuumCheck: Check = databaseCheck({
  name: 'autovacuum',
  title: { en: 'autovacuum', ko: '자동 청소(autovacuum)' },
  async run({ db, config: { schema, queueSchema } }): Promise<Result[]> {
    const { isOn, age, tables } = await readVacuum(db, [schema, queueSchema])
    const vacuum = (name: string) => both(`vacuum (analyze) ${name}`)
    const results: Result[] = []
    if (!isOn)
      results.push({
        status: 'problem',
        text: {
          en: 'autovacuum or track_counts is off: tables only grow, and become slow',
          ko: 'autovacuum 또는 track_counts가 꺼져 있어 테이블이 계속 커지고 느려집니다',
        },
        mend: both(
          'alter system set autovacuum = on; alter system set track_counts = on; select pg_reload_conf()',
        ),
      })
    if (age > FREEZE_AGE)
      results.push({
        status: 'problem',
        text: {
          en: `the oldest transaction that is not frozen is ${age.toLocaleString('en')} ago: at 2,000,000,000 the database stops`,
          ko: `동결되지 않은 가장 오래된 트랜잭션이 ${age.toLocaleString('en')} 전입니다. 2,000,000,000에 데이터베이스가 멈춥니다`,
        },
        mend: {
          en: 'vacuum (freeze), and see what is held below',
          ko: 'vacuum (freeze)을 실행하고 아래의 열린 트랜잭션을 보십시오',
        },
      })
    for (const { name, isVacuumOff, live, dead, vacuumedAt, analyzedAt } of tables) {
      if (isVacuumOff)
        results.push({
          status: 'problem',
          text: { en: `autovacuum is off for ${name}`, ko: `${name}의 autovacuum이 꺼져 있습니다` },
          mend: both(`alter table ${name} reset (autovacuum_enabled)`),
        })
      else if (dead > DEAD_ROWS && dead > live)
        results.push({
          status: 'warning',
          text: {
            en: `${name} has ${dead.toLocaleString('en')} dead rows beside ${live.toLocaleString('en')}; last vacuum: ${vacuumedAt?.toISOString() ?? 'never'}`,
            ko: `${name}에 죽은 행 ${dead.toLocaleString('en')}개, 산 행 ${live.toLocaleString('en')}개. 마지막 vacuum: ${vacuumedAt?.toISOString() ?? '없음'}`,
          },
          mend: vacuum(name),
        })
      else if (live > UNANALYZED_ROWS && analyzedAt === null)
        results.push({
          status: 'warning',
          text: {
            en: `${name} was never analyzed: lists may be planned badly`,
            ko: `${name}이(가) 한 번도 analyze되지 않아 목록이 느릴 수 있습니다`,
          },
          mend: vacuum(name),
        })
    }
    const dead = tables.reduce((sum, table) => sum + table.dead, 0)
    return results.length > 0
      ? results
      : [
          ok(
            `on; ${dead.toLocaleString('en')} dead rows`,
            `켜져 있습니다. 죽은 행 ${dead.toLocaleString('en')}개`,
          ),
        ]
  },
})
