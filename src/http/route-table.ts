import leven from 'leven'

/** Which routes there are: to tell a wrong method from a wrong path, and to name the path that was meant. */
export interface RouteTable {
  add(method: string, pattern: string): void
  /** The methods that the path can be called with; none where there is no such route. */
  methodsFor(path: string): string[]
  /** The nearest path that exists, with the caller's own ids in it. */
  nearest(path: string): string | undefined
}

const LONGEST_PATH = 300
const MOST_SLIPS = 3

export function routeTable(): RouteTable {
  const routes = new Map<string, { segments: string[]; methods: Set<string> }>()
  const all = () => [...routes.values()]
  return {
    add(method, pattern) {
      const route = routes.get(pattern) ?? { segments: pattern.split('/'), methods: new Set() }
      route.methods.add(method)
      routes.set(pattern, route)
    },
    methodsFor(path) {
      const given = path.split('/')
      const methods = all()
        .filter(({ segments }) => matches(segments, given))
        .flatMap((route) => [...route.methods])
      return [...new Set(methods)].toSorted()
    },
    nearest(path) {
      if (path.length > LONGEST_PATH || !/^[\w/.~:%-]+$/u.test(path)) return undefined
      const given = path.split('/')
      const exact = variants(path).find((variant) =>
        all().some(({ segments }) => matches(segments, variant.split('/'))),
      )
      if (exact !== undefined) return exact
      return all()
        .map(({ segments }) => closeness(segments, given))
        .filter((near) => near.slips <= MOST_SLIPS)
        .toSorted((a, b) => a.slips - b.slips)[0]?.path
    },
  }
}

function matches(pattern: readonly string[], given: readonly string[]): boolean {
  if (pattern.at(-1) === '*' ? given.length < pattern.length : given.length !== pattern.length) return false
  return pattern.every((segment, i) =>
    isVariable(segment) ? given[i] !== '' || segment === '*' : segment === given[i],
  )
}

const isVariable = (segment: string): boolean => segment === '*' || segment.startsWith(':')

/** What is forgotten most often: the version in front, and that a slash at the end makes another path. */
const variants = (path: string): string[] => {
  const bare = path.replace(/\/+$/u, '')
  return [bare, `/v1${bare}`].filter((variant) => variant !== '' && variant !== path)
}

/** Slips in the fixed segments of a route with as many segments; ids can be anything. */
function closeness(pattern: readonly string[], given: readonly string[]): { path: string; slips: number } {
  if (pattern.length !== given.length || pattern.includes('*')) return { path: '', slips: Infinity }
  let slips = 0
  const path = pattern.map((segment, i) => {
    const own = given[i] ?? ''
    if (isVariable(segment)) return own
    const distance = leven(segment, own)
    // More wrong than right is another word, not a slip.
    slips += distance * 2 > segment.length ? Infinity : distance
    return segment
  })
  return { path: path.join('/'), slips }
}
