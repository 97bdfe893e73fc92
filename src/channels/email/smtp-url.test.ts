import { expect, test } from 'vitest'
import { parseSmtpUrl } from './smtp-url.ts'

test('a URL says everything', () => {
  expect(parseSmtpUrl('smtps://me%40x.kr:p%3A%2F@smtp.example.com?pool=20&rejectUnauthorized=false')).toEqual(
    {
      ...{ host: 'smtp.example.com', port: 465, isTls: true, needsTls: true, takesAnyCertificate: true },
      ...{ login: { user: 'me@x.kr', password: 'p:/' }, pool: 20 },
    },
  )
  expect(parseSmtpUrl('smtp://[::1]:2525/?tls=require')).toEqual({
    ...{ host: '::1', port: 2525, isTls: false, needsTls: true, takesAnyCertificate: false },
    ...{ login: null, pool: 5 },
  })
  expect(parseSmtpUrl('smtp://메일.example')).toMatchObject({ host: 'xn--h32bq4v.example', port: 587 })
})

test.each([
  ...['smtp://', 'http://x', 'x', 'smtp:x', 'smtp://u:secret@x/path', 'smtp://u:secret@x#y'],
  ...['smtp://u:secret@x?tls=yes', 'smtp://u:secret@x?TLS=require', 'smtp://x?pool=0', 'smtp://x?pool=101'],
  ...['smtp://x?pool=1e1', 'smtp://x?rejectUnauthorized=no', 'smtp://u:secret%@x'],
])('%s is refused by the name of its setting, and its password is not shown', (url) => {
  expect(() => parseSmtpUrl(url)).toThrow(/^YEYAK_SMTP_URL /)
  expect(() => parseSmtpUrl(url)).not.toThrow(/secret/)
})
