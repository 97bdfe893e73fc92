import { randomUUID } from 'node:crypto'
import { mkdir, open, readdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { Store } from './store.ts'
import { ImageError } from './trouble.ts'

/** What is being written lies here, on the same file system; readers of the folder never see half an image. */
const UNFINISHED = '.unfinished'
const ABANDONED_MS = 3_600_000

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : 'unknown'

/** No path in it: callers need not know where things lie on the server. */
const failed = (error: unknown): ImageError =>
  new ImageError(
    {
      code: 'storage-failed',
      message: `the folder could not be written to (${codeOf(error)})`,
      // A disk that is full, or a folder that is not there, is mended by the operator.
      isFinal: false,
    },
    error,
  )

/** The name of a file is durable once its folder is. */
const syncFolder = async (folder: string): Promise<void> => {
  // Windows opens no folders, and needs none of this.
  if (process.platform === 'win32') return
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** @param o.url what `location` begins with, instead of the folder */
export const createFolderStore = (o: { directory: string; url: string }): Store => {
  const unfinished = path.join(o.directory, UNFINISHED)
  const fileOf = (name: string) => path.join(o.directory, ...name.split('/'))

  const write = async (name: string, bytes: Buffer): Promise<void> => {
    const target = fileOf(name)
    const folder = path.dirname(target)
    const temporary = path.join(unfinished, randomUUID())
    try {
      await writeFile(temporary, bytes, { flag: 'wx', flush: true })
      await rename(temporary, target)
    } catch (error) {
      await rm(temporary, { force: true })
      throw error
    }
    await syncFolder(folder)
  }

  /** Folders are made when one is missing: to ask for them before each image would take longer than to write it. */
  const writeAnywhere = async (name: string, bytes: Buffer): Promise<void> => {
    try {
      await write(name, bytes)
    } catch (error) {
      if (codeOf(error) !== 'ENOENT') throw error
      await mkdir(unfinished, { recursive: true })
      const made = await mkdir(path.dirname(fileOf(name)), { recursive: true })
      if (made !== undefined) await syncFolder(path.dirname(made))
      await write(name, bytes)
    }
  }

  return {
    async find(name) {
      try {
        const found = await stat(fileOf(name))
        return { bytes: found.size }
      } catch {
        return null
      }
    },
    async put(name, { bytes }) {
      try {
        await writeAnywhere(name, bytes)
      } catch (error) {
        throw failed(error)
      }
    },
    locationOf: (name) => (o.url === '' ? fileOf(name) : `${o.url}/${name}`),
    async tidy() {
      const names = await readdir(unfinished).catch(() => [])
      for (const name of names) {
        const file = path.join(unfinished, name)
        const found = await stat(file).catch(() => null)
        if (found !== null && Date.now() - found.mtimeMs > ABANDONED_MS) await rm(file, { force: true })
      }
    },
    close: () => Promise.resolve(),
  }
}
