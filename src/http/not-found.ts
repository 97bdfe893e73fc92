import type { FastifyRequest } from 'fastify'
import { YeyakError } from '../platform/errors.ts'
import type { RouteTable } from './route-table.ts'

/** A request that no route takes: 405 with `Allow` where its path is known, else 404 with the path that was meant. */
export function noRoute(request: FastifyRequest, routes: RouteTable): YeyakError {
  const path = pathOf(request.raw.url)
  const methods = routes.methodsFor(path)
  return methods.length === 0 ? unknownRoute(path, routes) : methodNotAllowed(request.method, methods)
}

/** The router takes `/items/` for `/items/:id` with an empty id: to the caller that is a path that does not exist. */
export function emptyParameter(request: FastifyRequest, routes: RouteTable): YeyakError | undefined {
  const { params } = request
  if (typeof params !== 'object' || params === null) return undefined
  for (const name in params) {
    if (name !== '*' && Reflect.get(params, name) === '') return unknownRoute(pathOf(request.raw.url), routes)
  }
  return undefined
}

export const pathOf = (url: string | undefined): string => (url ?? '/').split('?', 1)[0] ?? '/'

export function unknownRoute(path: string, routes: RouteTable): YeyakError {
  const nearest = routes.nearest(path)
  if (nearest === undefined) return new YeyakError('unknown-route')
  return new YeyakError('unknown-route', {
    detail: {
      en: `There is no such route. Did you mean ${nearest}? All of them are listed at /docs.`,
      ko: `존재하지 않는 경로입니다. 혹시 ${nearest} 경로를 찾으십니까? 전체 경로는 /docs에서 볼 수 있습니다.`,
    },
  })
}

function methodNotAllowed(method: string, methods: readonly string[]): YeyakError {
  const allow = methods.join(', ')
  return new YeyakError('method-not-allowed', {
    detail: {
      en: `This route does not take ${method}. It takes ${allow}.`,
      ko: `이 경로에서는 ${method} 메서드를 쓸 수 없습니다. 쓸 수 있는 메서드: ${allow}`,
    },
    headers: { allow },
  })
}
