import { existsSync } from 'node:fs'
import path from 'node:path'

const NAMES = ['yeyak.config.ts', 'yeyak.config.mts', 'yeyak.config.js', 'yeyak.config.mjs'] as const

/** The configuration files of a directory, which should be one or none. */
export const configFilesOf = (cwd: string): string[] =>
  NAMES.map((name) => path.join(cwd, name)).filter((file) => existsSync(file))

/** The first of them. */
export const findConfigFile = (cwd: string): string | null => configFilesOf(cwd)[0] ?? null
