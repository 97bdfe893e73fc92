import type { FastifyRequest, RouteOptions } from 'fastify'
import { YeyakError } from '../platform/errors.ts'
import { readJson } from './json-body.ts'
import { withoutNulls } from './null-is-absent.ts'

const NO_QUERY = { type: 'object', properties: {}, additionalProperties: false }
const NO_BODY = { type: ['object', 'null'], properties: {}, additionalProperties: false }

const BODY_METHODS = new Set(['POST', 'PUT', 'PATCH', 'DELETE'])

/** Whether the schema is the stand-in for a body that a route does not take. */
export const isNoBody = (schema: unknown): boolean => schema === NO_BODY

/**
 * What every route gets, whether or not its author thought of it: a query or a body that it says nothing about is
 * refused rather than ignored, since who sends one believes that it does something.
 */
export function applyRouteDefaults(route: RouteOptions): void {
  const { nullIsAbsent, optionalBody, lenient } = route.config ?? {}
  const isPlugins = route.schema?.hide === true
  if (lenient !== true && !isPlugins) {
    const takesBody = [route.method].flat().some((method) => BODY_METHODS.has(method))
    route.schema = {
      ...route.schema,
      querystring: route.schema?.querystring ?? NO_QUERY,
      ...(takesBody ? { body: route.schema?.body ?? NO_BODY } : {}),
    }
  }
  if (nullIsAbsent !== true && optionalBody !== true) return
  route.preValidation = [prepareBody, ...[route.preValidation ?? []].flat()]
}

function prepareBody(request: FastifyRequest, _reply: unknown, done: () => void): void {
  const { nullIsAbsent, optionalBody } = request.routeOptions.config
  if (optionalBody === true) request.body ??= {}
  if (nullIsAbsent === true) request.body = withoutNulls(request.body)
  done()
}

export const JSON_TYPES = ['application/json', 'application/merge-patch+json']

/** Parses a body as one of `JSON_TYPES`. An empty one is an error only where the route needs a body. */
export function parseBody(
  request: FastifyRequest,
  bytes: Buffer,
  done: (error: Error | null, body?: unknown) => void,
): void {
  try {
    done(null, bytes.length === 0 && mayBeEmpty(request) ? undefined : readAs(request, bytes))
  } catch (error) {
    done(error instanceof Error ? error : new Error(String(error)))
  }
}

function readAs(request: FastifyRequest, bytes: Buffer): unknown {
  const isMergePatch = request.mediaType === 'application/merge-patch+json'
  if (isMergePatch && request.method !== 'PATCH') throw new YeyakError('unsupported-media-type')
  return readJson(bytes)
}

function mayBeEmpty(request: FastifyRequest): boolean {
  const { config, schema } = request.routeOptions
  return config.optionalBody === true || schema?.body === undefined || isNoBody(schema.body)
}
