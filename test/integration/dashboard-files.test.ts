import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { startHttpServer } from '../kit/http-server.ts'

const directory = mkdtempSync(path.join(tmpdir(), 'yeyak-dashboard-'))
afterAll(() => rmSync(directory, { recursive: true, force: true }))
const BROWSER = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' }

const build = () => {
  mkdirSync(path.join(directory, 'assets'), { recursive: true })
  writeFileSync(path.join(directory, 'index.html'), '<script nonce="__nonce__"></script><p>dashboard</p>')
  writeFileSync(path.join(directory, 'assets/a-1234.js'), 'whole')
  writeFileSync(path.join(directory, 'assets/a-1234.js.br'), 'small')
}
const start = () => startHttpServer({ dashboardDirectory: `${directory}/` })

test('where it was not built, a browser is told how to build it, and programs notice nothing', async () => {
  const { call } = await start()
  const page = await call('GET', '/', { headers: BROWSER })
  expect(page.status).toBe(503)
  expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8')
  expect(page.text).toContain('npm run build')
  expect(page.text).toContain('빌드')
  expect((await call('GET', '/', { headers: { accept: 'application/json' } })).json.name).toBe('yeyak')
})

test('each page has a nonce of its own, which its policy names, and is not kept', async () => {
  build()
  const { call } = await start()
  const nonces = new Set<string>()
  for (const address of ['/', '/notifications', '/notifications/0199?tab=1', '/dead-letters']) {
    const { status, headers, text } = await call('GET', address, { headers: BROWSER })
    expect([address, status]).toEqual([address, 200])
    const [, nonce = ''] = /nonce="([\w-]{22})"/u.exec(text) ?? []
    const policy = headers.get('content-security-policy') ?? ''
    expect(policy).toContain(`script-src 'self' 'nonce-${nonce}'`)
    expect(policy).toMatch(/^default-src 'none';/u)
    expect(policy).not.toMatch(/unsafe|\*|https?:/u)
    expect(headers.get('cache-control')).toBe('no-store')
    expect(headers.get('x-frame-options')).toBe('DENY')
    nonces.add(nonce)
  }
  expect(nonces.size).toBe(4)
})

test('its addresses are pages for browsers alone, and no others are', async () => {
  build()
  const { call } = await start()
  const [program, other, posted, api] = [
    await call('GET', '/notifications'),
    await call('GET', '/elsewhere', { headers: BROWSER }),
    await call('POST', '/notifications', { headers: BROWSER }),
    await call('GET', '/v1/nothing', { headers: BROWSER }),
  ]
  for (const { status, json } of [program, other, posted, api])
    expect([status, json.code]).toEqual([404, 'unknown-route'])
})

test('its files are kept for ever, smaller where the browser can read that, and nothing beside them is given', async () => {
  build()
  const { call } = await start()
  const whole = await call('GET', '/assets/a-1234.js', { headers: { 'accept-encoding': 'identity' } })
  expect([whole.status, whole.text]).toEqual([200, 'whole'])
  expect(whole.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
  expect(whole.headers.get('x-content-type-options')).toBe('nosniff')
  const head = await call('HEAD', '/assets/a-1234.js', { headers: { 'accept-encoding': 'br' } })
  expect([head.status, head.headers.get('content-encoding')]).toEqual([200, 'br'])
  for (const name of ['none.js', '../index.html', '..%2findex.html', '%2e%2e/index.html', '.', ''])
    expect([name, (await call('GET', `/assets/${name}`)).status]).toEqual([name, 404])
})
