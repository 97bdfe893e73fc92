import { type Config, describeDatabase } from '../../config.ts'
import { describeError } from '../../platform/database.ts'
import { announcedUrl } from '../../platform/embedded-postgres/index.ts'
import { type ReachedDatabase, reachDatabase } from '../database.ts'
import type { Terminal } from '../terminal.ts'
import { both, type Check, ok, type Result, skipped } from './check.ts'

export interface Reaching {
  reached: ReachedDatabase | null
  check: Check
}

const TITLE = { en: 'database', ko: '데이터베이스' }

/**
 * Reached as by every command: an embedded server that does not run is started meanwhile. One that never ran is not made
 * for the sake of looking at it.
 */
export const reach = async (
  config: Config | null,
  terminal: Pick<Terminal, 'errorStream'>,
): Promise<Reaching> => {
  const answer = (reached: ReachedDatabase | null, result: Result): Reaching => ({
    reached,
    check: { name: 'database', title: TITLE, run: async () => [result] },
  })
  if (config === null) return answer(null, skipped('the settings say not which', '설정에서 알 수 없습니다'))
  const { database } = config
  const place = describeDatabase(config)
  if (database.kind === 'embedded' && (await announcedUrl(database.dataDir)) === null)
    return answer(
      null,
      skipped(
        `${place} does not exist yet: yeyak start makes it`,
        `${place}이(가) 아직 없습니다. yeyak start가 만듭니다`,
      ),
    )
  try {
    return answer(await reachDatabase(config, terminal), ok(place, place))
  } catch (error) {
    return answer(null, {
      status: 'problem',
      text: both(describeError(error)),
      mend:
        database.kind === 'embedded'
          ? { en: `see ${database.dataDir}/postgres.log`, ko: `${database.dataDir}/postgres.log를 보십시오` }
          : {
              en: 'is PostgreSQL running there, and are DATABASE_URL or DB_HOST to DB_NAME right?',
              ko: '그곳에 PostgreSQL이 실행 중이고 DATABASE_URL 또는 DB_HOST~DB_NAME이 맞는지 확인하십시오',
            },
    })
  }
}
