import { Liquid, LiquidError, type Template } from 'liquidjs'
import type { Target } from '../delivery/index.ts'
import { type FieldError, YeyakError } from '../platform/errors.ts'
import { isObject } from '../platform/merge-patch.ts'

/** What texts may speak of. */
export interface Scope {
  occurrence: {
    /** RFC 3339 UTC. */
    at: string
    /** On the clock of the schedule's zone, without an offset. */
    local: string
    /** The day of that. */
    date: string
    timeZone: string
  }
  schedule: { name: string }
}

/** What is left of the language: nothing that repeats, and nothing that reads other files. */
const TAGS = new Set(['assign', 'case', 'comment', 'echo', 'if', 'liquid', 'raw', 'unless', '#'])
const LIMITS = { parseLimit: 512 * 1024, renderLimit: 50, memoryLimit: 1024 * 1024 } as const
/** As much as a text of a message may be. */
const LONGEST_OUTPUT = 256 * 1024

const createEngine = (): Liquid => {
  const engine = new Liquid({
    ...LIMITS,
    strictFilters: true,
    strictVariables: true,
    ownPropertyOnly: true,
    // Of `date`: what it makes of an instant must not depend on the machine.
    timezoneOffset: 0,
    locale: 'en',
    root: [],
    partials: [],
    layouts: [],
    templates: {},
  })
  for (const name of Object.keys(engine.tags)) if (!TAGS.has(name)) delete engine.tags[name]
  return engine
}

const engine = createEngine()

const isTemplate = (text: string): boolean => text.includes('{{') || text.includes('{%')

const wrong = (path: string, error: unknown): FieldError => {
  // The first line says what is wrong and where; the others draw it.
  const said = (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? ''
  const text = said
    .replace(/, (?:file|line):.*$/u, (tail) => tail.replace(/file:[^,]*, ?/u, ''))
    .slice(0, 300)
  return {
    path,
    message: {
      en: `is not a text that can be filled in: ${text}`,
      ko: `채울 수 없는 템플릿입니다: ${text}`,
    },
    suggestion: '{{ occurrence.at }}',
  }
}

const refuse = (path: string, error: unknown): YeyakError =>
  new YeyakError('invalid-request', { errors: [wrong(path, error)], cause: error })

type Part = { path: string; fill(scope: Scope): unknown }

const compileText = (text: string, path: string): Part['fill'] => {
  if (!isTemplate(text)) return () => text
  let template: Template[]
  try {
    template = engine.parse(text)
  } catch (error) {
    throw refuse(path, error)
  }
  return (scope) => {
    let filled: string
    try {
      filled = String(engine.renderSync(template, scope))
    } catch (error) {
      if (!(error instanceof LiquidError) && !(error instanceof Error)) throw error
      throw refuse(path, error)
    }
    if (filled.length > LONGEST_OUTPUT)
      throw refuse(path, new Error(`it becomes longer than ${LONGEST_OUTPUT} characters`))
    return filled
  }
}

/** Texts deep within a value, such as a payload. Null where none of them is a template. */
const compileValue = (value: unknown, path: string): Part['fill'] | null => {
  if (typeof value === 'string') return isTemplate(value) ? compileText(value, path) : null
  if (Array.isArray(value)) {
    const parts = value.map((member, i) => compileValue(member, `${path}[${i}]`))
    if (parts.every((part) => part === null)) return null
    return (scope) => value.map((member: unknown, i) => parts[i]?.(scope) ?? member)
  }
  if (!isObject(value)) return null
  const parts = Object.entries(value).map(
    ([name, member]) => [name, member, compileValue(member, `${path}.${name}`)] as const,
  )
  if (parts.every(([, , part]) => part === null)) return null
  return (scope) =>
    Object.fromEntries(parts.map(([name, member, part]) => [name, part === null ? member : part(scope)]))
}

/** Fills in the texts of a target. Parsed at once: throws `invalid-request` that names the member with a bad one. */
export const compileTarget = (target: Target, texts: readonly string[]): ((scope: Scope) => Target) => {
  const parts = texts.flatMap((name) => {
    const fill = compileValue(target[name], name)
    return fill === null ? [] : [[name, fill] as const]
  })
  if (parts.length === 0) return () => target
  return (scope) => ({ ...target, ...Object.fromEntries(parts.map(([name, fill]) => [name, fill(scope)])) })
}
