import { expect, test } from 'vitest'
import { routeTable } from './route-table.ts'

const table = routeTable()
for (const [method, pattern] of [
  ['GET', '/'],
  ['GET', '/v1/notifications'],
  ['POST', '/v1/notifications'],
  ['GET', '/v1/notifications/:id'],
  ['PATCH', '/v1/notifications/:id'],
  ['POST', '/v1/notifications/:id/cancel'],
  ['POST', '/schedule-notification'],
  ['GET', '/docs'],
  ['GET', '/docs/*'],
] as const) {
  table.add(method, pattern)
}

test.each([
  ['/', ['GET']],
  ['/v1/notifications', ['GET', 'POST']],
  ['/v1/notifications/5', ['GET', 'PATCH']],
  ['/v1/notifications/5/cancel', ['POST']],
  ['/docs/static/a.js', ['GET']],
  ['/v1/notifications/', []],
  ['/v1', []],
  ['', []],
])('%s can be called with %j', (path, methods) => {
  expect(table.methodsFor(path)).toEqual(methods)
})

test.each([
  ['/v1/notification', '/v1/notifications'],
  ['/v1/notification/5', '/v1/notifications/5'],
  ['/v1/notifications/5/cancle', '/v1/notifications/5/cancel'],
  ['/notifications', '/v1/notifications'],
  ['/notifications/5/cancel', '/v1/notifications/5/cancel'],
  ['/v1/notifications/', '/v1/notifications'],
  ['/schedule-notifications', '/schedule-notification'],
  ['/v2/notifications', '/v1/notifications'],
  ['/doc', '/docs'],
])('%s was meant as %s', (given, meant) => {
  expect(table.nearest(given)).toBe(meant)
})

test.each([
  '/favicon.ico',
  '/wp-admin/setup.php',
  '/v1/users',
  '/<script>',
  `/${'a'.repeat(10_000)}`,
  '//',
  '/a/b/c/d/e',
])('nothing is near to %s', (given) => expect(table.nearest(given)).toBeUndefined())
