import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

export const version = (): string => {
  const { version: text } = JSON.parse(
    readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
  ) as {
    version: string
  }
  return text
}

/** The built dashboard, at the same place beside `src/` and beside `dist/`. */
export const dashboardDirectory = (): string =>
  fileURLToPath(new URL('../../dashboard/dist/', import.meta.url))
