import { createRootRoute, createRoute, createRouter } from '@tanstack/react-router'
import { Broken, NotFound } from './not-found.tsx'
import { PAGES } from './pages.ts'
import { parseSearch, writeSearch } from './search.ts'
import { Shell } from './shell.tsx'

const root = createRootRoute({
  component: Shell,
  notFoundComponent: NotFound,
  validateSearch: (search: Record<string, unknown>) => search,
})

/** A page comes only when it is wanted; what is pointed at is fetched ahead. */
export const router = createRouter({
  routeTree: root.addChildren(
    PAGES.map(({ path, component }) => createRoute({ getParentRoute: () => root, path, component })),
  ),
  parseSearch,
  stringifySearch: writeSearch,
  defaultPreload: 'intent',
  defaultErrorComponent: Broken,
  scrollRestoration: true,
})
