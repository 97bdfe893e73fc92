import { describeError } from '../../platform/database.ts'
import { createLog } from '../../platform/log.ts'
import { both, type Check, NO_SETTINGS, ok, type Result, skipped } from './check.ts'

export const channelCheck: Check = {
  name: 'channels',
  title: { en: 'channels', ko: '채널' },
  async run({ config }): Promise<Result[]> {
    if (config === null) return [NO_SETTINGS]
    const { checkChannels } = await import('../../app.ts')
    try {
      checkChannels({ config, log: createLog({ format: 'json', level: 'silent' }) })
    } catch (error) {
      return describeError(error)
        .split('\n')
        .map((line) => ({
          status: 'problem',
          text: both(line),
          mend: {
            en: 'mend the setting; see docs/configuration.md',
            ko: '설정을 고치십시오: docs/configuration.md',
          },
        }))
    }
    return config.webhook.secrets.length > 0
      ? [ok('their settings can be read; webhooks are signed', '설정을 읽을 수 있고 웹훅에 서명합니다')]
      : [
          ok(
            'their settings can be read; webhooks are not signed (YEYAK_WEBHOOK_SECRET)',
            '설정을 읽을 수 있습니다. 웹훅에 서명하지 않습니다(YEYAK_WEBHOOK_SECRET)',
          ),
        ]
  },
}

export const smtpCheck: Check = {
  name: 'smtp',
  title: { en: 'mail server', ko: '메일 서버' },
  async run({ config }, signal): Promise<Result[]> {
    if (config === null) return [NO_SETTINGS]
    if (config.email.kind === 'none')
      return [
        skipped(
          'no YEYAK_SMTP_URL: e-mail is refused when it is scheduled',
          'YEYAK_SMTP_URL이 없어 이메일 예약을 거절합니다',
        ),
      ]
    if (config.email.kind === 'capture')
      return [
        skipped(
          `no YEYAK_SMTP_URL: mails are written to ${config.email.directory}`,
          `YEYAK_SMTP_URL이 없어 메일을 ${config.email.directory}에 씁니다`,
        ),
      ]
    const { checkSmtp } = await import('../../app.ts')
    const found = await checkSmtp(config.email.url, signal).catch(() => null)
    // What cannot be read of it was said of the channels.
    if (found === null) return [skipped('YEYAK_SMTP_URL cannot be read', 'YEYAK_SMTP_URL을 읽을 수 없습니다')]
    const place = `${found.host}:${found.port}`
    if (!found.ok)
      return [
        {
          status: 'problem',
          text: both(`${place}: ${found.reason}`),
          mend: {
            en: 'mend YEYAK_SMTP_URL, or let this machine reach the mail server; mails are tried again until their retries are used up',
            ko: 'YEYAK_SMTP_URL을 고치거나 이 기계가 메일 서버에 닿게 하십시오. 메일은 재시도 횟수가 다할 때까지 다시 보냅니다',
          },
        },
      ]
    if (!found.isTls && found.hasLogin)
      return [
        {
          status: 'warning',
          text: {
            en: `${place} takes the login without TLS: the password goes over the wire as it is`,
            ko: `${place}에 TLS 없이 로그인합니다. 비밀번호가 그대로 전송됩니다`,
          },
          mend: {
            en: 'use smtps://, or add ?tls=require',
            ko: 'smtps://를 쓰거나 ?tls=require를 붙이십시오',
          },
        },
      ]
    const how = `${found.isTls ? 'TLS' : 'no TLS'}${found.hasLogin ? ', login' : ''}`
    return [
      ok(
        `${place} answers (${how}); no mail was sent`,
        `${place}이(가) 응답합니다(${how}). 메일은 보내지 않았습니다`,
      ),
    ]
  },
}
