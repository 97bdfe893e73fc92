import { access, constants, stat, statfs } from 'node:fs/promises'
import path from 'node:path'
import { both, type Check, NO_SETTINGS, ok, type Result, skipped } from './check.ts'

const LITTLE_BYTES = 1024 ** 3
const NOTHING_BYTES = 100 * 1024 ** 2
const OTHERS_WRITE = 0o022
const OTHERS_READ = 0o077

const gigabytes = (bytes: number): string => `${(bytes / 1024 ** 3).toFixed(1)} GB`

const modeOf = (file: string): Promise<number | null> =>
  stat(file).then(
    (found) => found.mode,
    () => null,
  )

/** Of the embedded server; another one's disk cannot be seen from here. */
export const dataDirectoryCheck: Check = {
  name: 'data-directory',
  title: { en: 'data directory', ko: '데이터 폴더' },
  async run({ config }): Promise<Result[]> {
    if (config === null) return [NO_SETTINGS]
    if (config.database.kind !== 'embedded')
      return [skipped('the database is not the embedded one', '내장 데이터베이스가 아닙니다')]
    const { dataDir } = config.database
    const mode = await modeOf(dataDir)
    if (mode === null)
      return [
        skipped(
          `${dataDir} is not there yet: yeyak start makes it`,
          `${dataDir}이(가) 아직 없습니다. yeyak start가 만듭니다`,
        ),
      ]
    const results: Result[] = []
    const isUsable = await access(dataDir, constants.R_OK | constants.W_OK | constants.X_OK).then(
      () => true,
      () => false,
    )
    if (!isUsable)
      results.push({
        status: 'problem',
        text: { en: `this user cannot write ${dataDir}`, ko: `이 사용자는 ${dataDir}에 쓸 수 없습니다` },
        mend: {
          en: 'chown it to the user that Yeyak runs as, or set YEYAK_DATA_DIR',
          ko: 'Yeyak을 실행하는 사용자에게 주거나 YEYAK_DATA_DIR을 바꾸십시오',
        },
      })
    // Windows has no such modes.
    const isPosix = process.platform !== 'win32'
    if (isPosix && (mode & OTHERS_WRITE) !== 0)
      results.push({
        status: 'warning',
        text: { en: `others may write ${dataDir}`, ko: `다른 사용자가 ${dataDir}에 쓸 수 있습니다` },
        mend: both(`chmod go-w ${dataDir}`),
      })
    for (const name of ['database-url', 'encryption.key']) {
      const file = path.join(dataDir, name)
      const found = await modeOf(file)
      if (isPosix && found !== null && (found & OTHERS_READ) !== 0)
        results.push({
          status: 'problem',
          text: {
            en: `others may read ${file}, which is a secret`,
            ko: `다른 사용자가 비밀인 ${file}을(를) 읽을 수 있습니다`,
          },
          mend: both(`chmod 600 ${file}`),
        })
    }
    const { bavail, bsize } = await statfs(dataDir)
    const free = bavail * bsize
    if (free < LITTLE_BYTES)
      results.push({
        status: free < NOTHING_BYTES ? 'problem' : 'warning',
        text: {
          en: `${gigabytes(free)} are free at ${dataDir}`,
          ko: `${dataDir}에 ${gigabytes(free)} 남았습니다`,
        },
        mend: {
          en: 'make room, or lower YEYAK_RETENTION_DAYS',
          ko: '공간을 늘리거나 YEYAK_RETENTION_DAYS를 줄이십시오',
        },
      })
    return results.length > 0
      ? results
      : [ok(`${dataDir}: ${gigabytes(free)} free`, `${dataDir}: ${gigabytes(free)} 남음`)]
  },
}
