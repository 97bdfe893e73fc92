#!/usr/bin/env node
// Plain JavaScript without a static import of ours, so that a Node that is too old for Yeyak can still say so.
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const { engines } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))

/** "engines" as this package writes it: alternatives of `^1.2.3` and `>=1.2.3`. */
function satisfies(version, range) {
  const [major, minor, patch] = numbersOf(version)
  return range.split('||').some((alternative) => {
    const [least, leastMinor, leastPatch] = numbersOf(alternative)
    if (major !== least) return alternative.includes('>=') && major > least
    return minor > leastMinor || (minor === leastMinor && patch >= leastPatch)
  })
}

function numbersOf(text) {
  return text.match(/\d+/g).map(Number)
}

if (!satisfies(process.version, engines.node)) {
  console.error(
    `Yeyak needs Node.js ${engines.node}, and this is ${process.version}: in a clone start it through npm (npm start, npm run yeyak -- <command>), after an npm ci that may run install scripts, which brings Node.js 24 along; elsewhere install Node.js 24 (https://nodejs.org).`,
  )
  process.exit(1)
}

// A clone runs its TypeScript as it is, never a dist/ that may be older. An installed package has no src/, and
// Node would strip no types below node_modules.
const source = new URL('../src/cli/main.ts', import.meta.url)
const inClone = existsSync(source) && !/[\\/]node_modules[\\/]/.test(fileURLToPath(source))

await import((inClone ? source : new URL('../dist/cli/main.js', import.meta.url)).href)
