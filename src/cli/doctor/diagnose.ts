import { type Config, ConfigError, loadConfig } from '../../config.ts'
import { describeError } from '../../platform/database.ts'
import type { Place } from '../command.ts'
import { channelCheck, smtpCheck } from './channels.ts'
import type { Check, Patient, Result } from './check.ts'
import { clockCheck, listenCheck } from './connection.ts'
import { dataDirectoryCheck } from './data-directory.ts'
import { reach } from './database.ts'
import { partitionCheck, sizeCheck } from './history.ts'
import { holderCheck } from './holders.ts'
import { openPatient } from './repository-server.ts'
import { schemaCheck } from './schema.ts'
import { serverCheck } from './server.ts'
import { accessCheck, type SettingFault, settingsCheck } from './settings.ts'
import { indexCheck, vacuumCheck } from './tables.ts'
import { feedCheck, workerCheck } from './work.ts'
import { zoneCheck } from './zones.ts'

/** Longer than any of the time-outs within. */
const CHECK_TIMEOUT_MS = 15_000
/** Each round drops what is wrong, and nothing is wrong twice. */
const MAX_ROUNDS = 5
/** Without these it would be another database that is looked at. */
const OF_THE_DATABASE = /^(DATABASE_URL|DB_\w+|YEYAK_DATA_DIR|YEYAK_SCHEMA)$/u

export interface Diagnosis extends Result {
  check: Check
}

/** The settings without those that are wrong, so that the rest can be looked at; and what is wrong. */
const readSettings = ({
  cwd,
  environment,
  terminal,
}: Place): { config: Config | null; faults: SettingFault[] } => {
  const faults: SettingFault[] = []
  let dropped: readonly string[] = []
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    try {
      const env = Object.entries(environment()).filter(([name]) => !dropped.includes(name))
      const config = loadConfig({ env: Object.fromEntries(env), cwd, terminal: terminal.isInteractive })
      return { config: dropped.some((name) => OF_THE_DATABASE.test(name)) ? null : config, faults }
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error
      const { problems } = error
      faults.push(...problems)
      if (problems.every(({ setting }) => dropped.includes(setting))) break
      dropped = [...dropped, ...problems.map(({ setting }) => setting)]
    }
  }
  return { config: null, faults }
}

/** Never throws, and never takes longer than its time: what goes wrong with a check is its result. */
const perform = async (check: Check, patient: Patient): Promise<Diagnosis[]> => {
  const late = new AbortController()
  let timer: NodeJS.Timeout | null = null
  const timeout = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      late.abort()
      reject(new Error(`no answer within ${CHECK_TIMEOUT_MS / 1000} s`))
    }, CHECK_TIMEOUT_MS)
  })
  try {
    const results = await Promise.race([check.run(patient, late.signal), timeout])
    return results.map((result) => ({ check, ...result }))
  } catch (error) {
    const why = describeError(error)
    return [
      {
        check,
        status: 'problem',
        text: { en: `it could not be checked: ${why}`, ko: `확인하지 못했습니다: ${why}` },
      },
    ]
  } finally {
    if (timer !== null) clearTimeout(timer)
  }
}

/** Looks at everything, one after the other; `tell` gets each result as it is there. */
export const diagnose = async (place: Place, tell: (diagnosis: Diagnosis) => void): Promise<void> => {
  const { config, faults } = readSettings(place)
  const { reached, check: databaseResult } = await reach(config, place.terminal)
  const connection = reached?.connection ?? null
  const db = connection === null ? null : openPatient(connection)
  const checks = [
    ...[
      settingsCheck(faults),
      databaseResult,
      serverCheck,
      schemaCheck,
      accessCheck,
      listenCheck,
      clockCheck,
    ],
    ...[indexCheck, vacuumCheck, holderCheck, partitionCheck, sizeCheck, workerCheck, feedCheck],
    ...[zoneCheck, channelCheck, smtpCheck, dataDirectoryCheck],
  ]
  try {
    for (const check of checks)
      for (const diagnosis of await perform(check, { config, connection, db })) tell(diagnosis)
  } finally {
    await db?.destroy()
    await reached?.close()
  }
}
