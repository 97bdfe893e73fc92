import { expect, test } from 'vitest'
import { parseAllowList } from './allow-list.ts'
import { createGuard } from './guard.ts'

const judge = (url: string, allow: readonly string[] = []) =>
  createGuard(parseAllowList(allow)).judge(url)?.code ?? 'allowed'

test.each([
  'http://127.0.0.1/',
  'http://127.1/',
  'http://127.0.0.1./',
  'http://2130706433/',
  'http://017700000001/',
  'http://0x7f000001/',
  'http://0x7f.1/',
  'http://0177.0.0.1/',
  'http://%31%32%37.0.0.1/',
  'http://①②⑦.0.0.1/',
  'http://0.0.0.0/',
  'http://0/',
  'http://10.0.0.1/',
  'http://172.16.5.5/',
  'http://192.168.1.1/',
  'http://100.64.0.1/',
  'http://169.254.169.254/latest/meta-data/',
  'http://2852039166/',
  'http://224.0.0.1/',
  'http://255.255.255.255/',
  'http://240.0.0.1/',
  'http://192.0.2.1/',
  'http://198.18.0.1/',
  'http://[::]/',
  'http://[::1]/',
  'http://[0:0:0:0:0:0:0:1]/',
  'http://[::ffff:127.0.0.1]/',
  'http://[::ffff:7f00:1]/',
  'http://[::ffff:169.254.169.254]/',
  'http://[fe80::1]/',
  'http://[fd00:ec2::254]/',
  'http://[ff02::1]/',
  'http://[64:ff9b::7f00:1]/',
  'http://[2002:7f00:1::]/',
  'http://[2001:db8::1]/',
  'http://[::127.0.0.1]/',
  'http://[4000::1]/',
  'http://localhost/',
  'http://LOCALHOST./',
  'http://a.localhost:8080/',
])('%s is not public', (url) => {
  expect(judge(url)).toBe('address-not-allowed')
})

test.each([
  'https://example.com/hook?a=b#c',
  'http://8.8.8.8/',
  'http://[::ffff:8.8.8.8]/',
  'http://[2606:4700:4700::1111]/',
  'HTTPS://Example.com:8443/',
  'http://localhost.example.com/',
  'http://notlocalhost/',
])('%s may be called', (url) => {
  expect(judge(url)).toBe('allowed')
})

test.each([
  'ftp://example.com/',
  'file:///etc/passwd',
  'javascript:alert(1)',
  'http:example.com',
  '//example.com/',
  'example.com',
  'http://',
  'http://user:secret@example.com/',
  'http://user@example.com/',
  'http://:secret@example.com/',
  'http://exa\nmple.com/',
  ' http://example.com/',
  'http://example.com/a b',
  'http://example.com/\r\nX-Evil: 1',
  'http://example.com/\u0000',
  'http://256.256.256.256/',
  'http://[::1/',
  'http://exa<mple.com/',
  'http://example.com:99999/',
])('%j is no URL to call, whatever is allowed', (url) => {
  expect(judge(url, ['0.0.0.0/0', '::/0'])).toBe('invalid-url')
})

test('a refusal names the setting, and never the password of a URL', () => {
  const guard = createGuard(parseAllowList([]))
  expect(guard.judge('http://10.0.0.1/')?.message.en).toContain('YEYAK_WEBHOOK_ALLOW')
  expect(guard.judge('http://10.0.0.1/')?.message.ko).toContain('YEYAK_WEBHOOK_ALLOW')
  expect(JSON.stringify(guard.judge('http://me:hunter2@example.com/'))).not.toContain('hunter2')
})

test('what the list allows may be called: CIDRs, single addresses, names and all names below one', () => {
  const allow = ['10.1.0.0/16', '192.168.7.7', 'fd00::/8', 'localhost']
  expect(judge('http://10.1.2.3/', allow)).toBe('allowed')
  expect(judge('http://10.2.2.3/', allow)).toBe('address-not-allowed')
  expect(judge('http://192.168.7.7/', allow)).toBe('allowed')
  expect(judge('http://192.168.7.8/', allow)).toBe('address-not-allowed')
  expect(judge('http://[::ffff:10.1.2.3]/', allow)).toBe('allowed')
  expect(judge('http://[fd12::1]/', allow)).toBe('allowed')
  expect(judge('http://localhost:3000/', allow)).toBe('allowed')
  expect(judge('http://a.localhost/', allow)).toBe('address-not-allowed')
  expect(judge('http://a.localhost/', ['*.localhost'])).toBe('allowed')
  // What localhost means is decided when connecting; its usual address is allowed here.
  expect(judge('http://localhost/', ['127.0.0.0/8'])).toBe('allowed')
})

test('of resolved addresses those remain that are public or allowed; a name of the list keeps all of its own', () => {
  const addresses = [
    '10.0.0.1',
    '8.8.8.8',
    '::1',
    '::ffff:10.0.0.1',
    '2606:4700::1',
    'fe80::1%eth0',
    'nonsense',
  ].map((address) => ({ address }))
  const kept = (hostname: string, allow: readonly string[]) =>
    createGuard(parseAllowList(allow))
      .keep(hostname, addresses)
      .map(({ address }) => address)
  expect(kept('a.example.com', [])).toEqual(['8.8.8.8', '2606:4700::1'])
  expect(kept('a.example.com', ['10.0.0.0/8'])).toEqual([
    '10.0.0.1',
    '8.8.8.8',
    '::ffff:10.0.0.1',
    '2606:4700::1',
  ])
  expect(kept('A.Example.com.', ['*.example.com'])).toHaveLength(addresses.length)
  expect(kept('example.com', ['*.example.com'])).toEqual(['8.8.8.8', '2606:4700::1'])
  expect(kept('evilexample.com', ['*.example.com'])).toEqual(['8.8.8.8', '2606:4700::1'])
})

test.each([
  '10.0.0.0/33',
  '10/8',
  '10.0.0.0/8/8',
  '10.0.0.0/-1',
  '10.0.0.0/',
  'fd00::/129',
  '::ffff:10.0.0.0/104',
  '*',
  '*.*.internal',
  'a.*.internal',
  'http://internal',
  'internal:8080',
  '2130706433',
  '0x7f.1',
  '',
])('the entry %j is refused by name when the list is read', (entry) => {
  expect(() => parseAllowList(['chat.internal', entry])).toThrow(
    `YEYAK_WEBHOOK_ALLOW: ${JSON.stringify(entry)}`,
  )
})
