import type { Config } from '../../config.ts'
import type { ConnectionConfig, Database } from '../../platform/database.ts'
import type { Text } from '../../platform/errors.ts'

/** `problem`: something does not work, or will not for long. `warning`: it works, and not as well as it could. */
export type Status = 'problem' | 'warning' | 'ok' | 'skipped'

export interface Result {
  status: Status
  text: Text
  /** A command, a setting, or SQL to run. */
  mend?: Text
}

/** What doctor has in hand. What is missing is the subject of a result of its own. */
export interface Patient {
  /** Null where the settings are so wrong that there are none. */
  config: Config | null
  /** Null where it cannot be reached. */
  connection: ConnectionConfig | null
  db: Database | null
}

export interface Check {
  /** Stable, for programs: `clock`. */
  name: string
  title: Text
  /** Ends with its results, or throws: that is a result too. `signal` is aborted when its time is over. */
  run(patient: Patient, signal: AbortSignal): Promise<readonly Result[]>
}

export const both = (text: string): Text => ({ en: text, ko: text })

export const ok = (en: string, ko: string): Result => ({ status: 'ok', text: { en, ko } })
export const skipped = (en: string, ko: string): Result => ({ status: 'skipped', text: { en, ko } })

export const NO_SETTINGS = skipped('the settings cannot be read', '설정을 읽을 수 없습니다')
const NO_DATABASE = skipped('the database is not reached', '데이터베이스에 연결되지 않았습니다')

/** A check that asks the database. */
export const databaseCheck = (
  o: Omit<Check, 'run'> & {
    run(
      p: { db: Database; connection: ConnectionConfig; config: Config },
      signal: AbortSignal,
    ): Promise<readonly Result[]>
  },
): Check => ({
  ...o,
  async run({ config, connection, db }, signal) {
    return config === null || db === null || connection === null
      ? [NO_DATABASE]
      : o.run({ db, connection, config }, signal)
  },
})
