import { expect, test } from 'vitest'
import { endedCookie, secretIn, sessionCookie } from './cookie.ts'

const secret = 'a'.repeat(42) + '_'

test.each([
  [`yeyak_session=${secret}`],
  [`a=b; yeyak_session=${secret}; c=d`],
  [`a=b;yeyak_session=${secret}`],
])('%s bears it', (cookie) => {
  expect(secretIn(cookie)).toBe(secret)
})

test.each([
  [undefined],
  [''],
  ['yeyak_session='],
  [`yeyak_session=${secret}x`],
  [`xyeyak_session=${secret}`],
  [`yeyak_session=${secret.slice(1)}`],
  [`yeyak_session="${secret}"`],
])('%s does not', (cookie) => {
  expect(secretIn(cookie)).toBeNull()
})

test('it is kept from scripts and from other sites, and over TLS from plain connections', () => {
  expect(sessionCookie(secret, 60, { isSecure: true })).toBe(
    `yeyak_session=${secret}; Max-Age=60; Path=/; HttpOnly; SameSite=Strict; Secure`,
  )
  expect(endedCookie({ isSecure: false })).toBe(
    'yeyak_session=; Max-Age=0; Path=/; HttpOnly; SameSite=Strict',
  )
})
