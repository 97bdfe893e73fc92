/** `npm run docs`: writes what the documentation takes from the code. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { generatedDocs } from './generated-docs.ts'

const root = path.join(import.meta.dirname, '..')

for (const doc of generatedDocs) {
  const file = path.join(root, doc.path)
  const current = existsSync(file) ? readFileSync(file, 'utf8') : ''
  const next = doc.render(current)
  if (next !== current) writeFileSync(file, next)
  console.log(`${next === current ? 'unchanged' : 'written  '} ${doc.path}`)
}
