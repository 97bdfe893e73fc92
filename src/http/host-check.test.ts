import { expect, test } from 'vitest'
import { isLocalHost } from './host-check.ts'

test.each(['localhost', 'LocalHost:3000', '127.0.0.1', '127.0.0.1:80', '[::1]', '[::1]:3000'])(
  '%s is this machine',
  (host) => expect(isLocalHost(host)).toBe(true),
)

test.each([
  '',
  'evil.example',
  'evil.example:3000',
  'localhost.evil.example',
  'localhost:3000@evil.example',
  '127.0.0.1.nip.io',
  '127.0.0.2',
  '0.0.0.0',
  '::1',
  '[::1',
  '[::2]:3000',
  'localhost:',
  'localhost:x',
  ' localhost',
])('%s is not', (host) => expect(isLocalHost(host)).toBe(false))
