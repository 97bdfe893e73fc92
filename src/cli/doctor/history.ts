import { type Check, databaseCheck, ok, type Result } from './check.ts'
import { readSizes } from './repository-server.ts'
import { readPartitions } from './repository-tables.ts'

export const megabytes = (bytes: number): string =>
  `${Math.round(bytes / 1024 / 1024).toLocaleString('en')} MB`

export const partitionCheck: Check = databaseCheck({
  name: 'partitions',
  title: { en: 'months of history', ko: '기록의 월별 파티션' },
  async run({ db, config: { schema } }): Promise<Result[]> {
    const { months, filledDefaults } = await readPartitions(db, schema)
    const missing = months.filter(({ isThere }) => !isThere).map(({ name }) => name)
    if (missing.length === 0 && filledDefaults.length === 0)
      return [ok('this month and the next two are there', '이번 달과 다음 두 달이 있습니다')]
    return [
      {
        status: 'warning',
        text: {
          en: [
            ...(missing.length === 0 ? [] : [`not there: ${missing.join(', ')}`]),
            ...(filledDefaults.length === 0
              ? []
              : [`rows without a month are in ${filledDefaults.join(', ')}`]),
          ].join('; '),
          ko: [
            ...(missing.length === 0 ? [] : [`없음: ${missing.join(', ')}`]),
            ...(filledDefaults.length === 0
              ? []
              : [`달이 없는 행이 ${filledDefaults.join(', ')}에 있습니다`]),
          ].join('; '),
        },
        mend: {
          en: 'a worker makes them every hour, and yeyak migrate at once; rows of a default partition stay until they are deleted there',
          ko: '워커가 한 시간마다, yeyak migrate는 바로 만듭니다. 기본 파티션의 행은 거기서 지울 때까지 남습니다',
        },
      },
    ]
  },
})

export const sizeCheck: Check = databaseCheck({
  name: 'sizes',
  title: { en: 'sizes', ko: '크기' },
  async run({ db, config: { schema, queueSchema } }) {
    const sizes = await readSizes(db, [schema, queueSchema])
    const line = sizes
      .map(({ name, bytes, indexBytes }) => `${name} ${megabytes(bytes)} + ${megabytes(indexBytes)}`)
      .join(', ')
    return [ok(`tables + indexes: ${line}`, `테이블 + 인덱스: ${line}`)]
  },
})
