import { registerHooks } from 'node:module'
import path from 'node:path'
import { pathToFileURL } from 'node:url'

const OWN_NAME = 'yeyak'
/** The library face, as TypeScript or as what became of it. */
const OWN_FACE = new URL(`../index${path.extname(import.meta.url)}`, import.meta.url).href

let isRegistered = false

/** `import … from 'yeyak'` is this very program, from now on, wherever it is written. */
const answerToOwnName = (): void => {
  if (isRegistered) return
  isRegistered = true
  registerHooks({
    resolve: (specifier, context, next) => next(specifier === OWN_NAME ? OWN_FACE : specifier, context),
  })
}

/**
 * Loads a configuration file. What it imports from `yeyak` is the program that reads it: so it may stand in a clone, which has
 * no built package, or in a directory that has no packages at all. Rejects with what the file throws.
 */
export const importConfig = (file: string): Promise<unknown> => {
  answerToOwnName()
  return import(pathToFileURL(file).href)
}
