import { compileBody } from '../http/index.ts'
import { YeyakError } from '../platform/errors.ts'
import { suggest } from '../platform/suggest.ts'

/** What becomes of a scheduled publish when the draft is edited: it keeps its revision, takes the new one, or is canceled. */
export const EDIT_POLICIES = ['pin', 'follow', 'cancel'] as const
export type EditPolicy = (typeof EDIT_POLICIES)[number]

/** A kind of content, as it is declared. */
export interface ContentType {
  /** In paths, lanes and log lines: 1 to 50 of `a-z0-9_-`, beginning with a letter. */
  name: string
  /** JSON Schema of `data`. A draft may fall short of it; what is scheduled or published may not. */
  schema: object
  /** The field of `data` that is unique among the drafts of a locale. */
  slug?: string
  /** Those that it may be written in, beside none at all; any where left out. */
  locales?: readonly string[]
  /** `pin` where left out. */
  onEdit?: EditPolicy
  /** Types whose items are published first in a release. */
  dependsOn?: readonly string[]
  /** What webhooks tell caches to purge, such as `post:{id}` and `/posts/{slug}`; see `fill`. */
  tags?: readonly string[]
  paths?: readonly string[]
}

/** There with nothing configured, to try things on. */
export const STORY: ContentType = {
  name: 'story',
  schema: {
    type: 'object',
    required: ['title'],
    properties: { title: { type: 'string', minLength: 1, maxLength: 300 }, body: { type: 'string' } },
  },
  tags: ['story', 'story:{id}'],
}

/** What names an item in all its revisions. */
export interface Identity {
  type: string
  id: string
  locale: string
}

/** A type whose schema was compiled. */
export interface CompiledType extends ContentType {
  onEdit: EditPolicy
  dependsOn: readonly string[]
  /** Throws `invalid-request`, with every fault by its path below `data`. */
  validate(data: unknown): void
  /** Of a revision; null where the type has none, or the field holds no text. */
  slugOf(data: Readonly<Record<string, unknown>>): string | null
  /** Whether an item of it may be in this locale; `''` is the default one. */
  takesLocale(locale: string): boolean
  /** What events say for caches: the templates with `{type}`, `{id}`, `{locale}` and `{slug}` filled in. */
  cacheHints(item: Identity, slug: string | null): { tags: string[]; paths: string[] }
}

export interface ContentTypes {
  readonly names: readonly string[]
  get(name: string): CompiledType | undefined
  /** Throws `unknown-model`, as `Unknown model: x`. */
  require(name: string): CompiledType
}

/** A lane of its own for each type: a worker takes those that it knows. */
export const laneOfType = (type: string): string => `publishing.${type}`

/** As log lines and events name an item: `story:cl_123`, `story:cl_123:ko`. An id has no colon in it. */
export const subjectOf = ({ type, id, locale }: Identity): string =>
  locale === '' ? `${type}:${id}` : `${type}:${id}:${locale}`

export const unknownModel = (name: string, known: readonly string[] = []): YeyakError => {
  const shown = name.slice(0, 100)
  const suggestion = suggest(name, known)
  const message = { en: `Unknown model: ${shown}`, ko: `알 수 없는 모델입니다: ${shown}` }
  return new YeyakError('unknown-model', {
    detail: message,
    errors: suggestion === undefined ? [] : [{ path: 'type', message, suggestion }],
  })
}

const NAME = /^[a-z][a-z0-9_-]{0,49}$/u
/** Longer ones cannot stand in an index entry beside the type and the locale. */
export const LONGEST_SLUG = 500

/** A template with a member that is not known, such as a slug that is not there, gives nothing. */
const fill = (template: string, values: Readonly<Record<string, string | null>>): string | null => {
  let isWhole = true
  const filled = template.replaceAll(/\{(\w+)\}/gu, (_, name: string) => {
    const value = values[name] ?? null
    if (value === null) isWhole = false
    return value ?? ''
  })
  return isWhole ? filled : null
}

const compile = (type: ContentType): CompiledType => {
  // Releases have a lane of that name.
  if (type.name === 'release') throw new Error('no content type can be called "release"')
  if (!NAME.test(type.name)) throw new Error(`"${type.name}" is no name for a content type: ${String(NAME)}`)
  const check = compileBody({ type: 'object', properties: { data: type.schema }, required: ['data'] })
  const { slug } = type
  return {
    ...type,
    onEdit: type.onEdit ?? 'pin',
    dependsOn: type.dependsOn ?? [],
    validate: (data) => check({ data }),
    slugOf(data) {
      const value = slug === undefined ? undefined : data[slug]
      return typeof value === 'string' && value !== '' ? value : null
    },
    takesLocale: (locale) => locale === '' || type.locales === undefined || type.locales.includes(locale),
    cacheHints(item, ofItem) {
      const values = { type: item.type, id: item.id, locale: item.locale, slug: ofItem }
      const all = (templates: readonly string[] = []) =>
        templates.map((template) => fill(template, values)).filter((text) => text !== null)
      return { tags: all(type.tags), paths: all(type.paths) }
    },
  }
}

/** Compiles the types. Throws where two share a name, or a schema is none. */
export const createContentTypes = (declared: readonly ContentType[]): ContentTypes => {
  const types = new Map(declared.map((type) => [type.name, compile(type)]))
  const names = [...types.keys()]
  if (names.length !== declared.length) throw new Error('two content types have one name')
  return {
    names,
    get: (name) => types.get(name),
    require(name) {
      const type = types.get(name)
      if (type === undefined) throw unknownModel(name, names)
      return type
    },
  }
}
