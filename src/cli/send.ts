import { createClient } from './client.ts'
import { defineCommand, EXIT, UsageError } from './command.ts'
import { textOf } from './json.ts'
import { createBody } from './send-body.ts'
import { SEND_OPTIONS } from './send-options.ts'
import { localTime } from './time.ts'

const texts = {
  due: { en: (time: string) => `due ${time}`, ko: (time: string) => `예정 ${time}` },
  deduplicated: {
    en: 'one with this --dedupe key is waiting already: this is it',
    ko: '같은 --dedupe 키로 이미 기다리는 알림이 있습니다. 그 알림입니다',
  },
  replayed: {
    en: 'scheduled before with this --idempotency-key: as it is now',
    ko: '같은 --idempotency-key로 이미 예약했습니다. 지금 상태입니다',
  },
  nothing: {
    en: 'nothing to send: give a message, or --body',
    ko: '보낼 것이 없습니다. 메시지나 --body가 필요합니다',
  },
  key: {
    en: '--idempotency-key takes 1 to 255 visible ASCII characters',
    ko: '--idempotency-key에는 보이는 ASCII 문자를 1~255자 씁니다',
  },
}

const CONTENT = ['subject', 'text', 'html', 'payload', 'body'] as const

export const sendCommand = defineCommand({
  name: 'send',
  summary: { en: 'schedule a notification', ko: '알림을 예약합니다' },
  usage: [
    '<message> [--in <delay> | --at <instant> | --local <time> --zone <zone>] [options]',
    '--body <json> [options]',
  ],
  details: {
    en: 'Without a time it is sent at once. A message of - is read from the input. Prints the id, the state and the time.',
    ko: '시각이 없으면 바로 보냅니다. 메시지가 -이면 표준 입력에서 읽습니다. id, 상태, 시각을 출력합니다.',
  },
  examples: [
    'yeyak send "Hello" --in 10s',
    'yeyak send "Hello" --at 2030-12-01T09:00:00+09:00 --tag news',
    'yeyak send "Stand-up" --local 2030-12-01T09:00 --zone Asia/Seoul',
    'yeyak send --channel email --to ann@example.com --subject Hello --html @mail.html',
    `yeyak send --channel webhook --to https://example.com/hook --payload '{"order":7}' --header 'X-Shop: 1'`,
  ],
  options: SEND_OPTIONS,
  most: 1,
  async run({ values, positionals: [message], language, terminal, config }) {
    const key = values['idempotency-key']
    if (key !== undefined && !/^[\u0021-\u007e]{1,255}$/u.test(key)) throw new UsageError(texts.key[language])
    if (message === undefined && CONTENT.every((name) => values[name] === undefined))
      throw new UsageError(texts.nothing[language])
    const body = await createBody({ values, message, language, terminal })
    const client = createClient({ config: config(), language })
    const answer = await client.call({
      method: 'POST',
      path: '/v1/notifications',
      body,
      ...(key !== undefined && { headers: { 'idempotency-key': key } }),
    })
    if (values.json) {
      terminal.print(JSON.stringify(answer.body))
      return EXIT.done
    }
    const { id, state, dueAt } = answer.body
    terminal.print(`${textOf(id)}  ${textOf(state)}  ${texts.due[language](localTime(textOf(dueAt)))}`)
    if (answer.body['deduplicated'] === true) terminal.complain(texts.deduplicated[language])
    if (answer.headers.get('idempotency-replayed') === 'true') terminal.complain(texts.replayed[language])
    return EXIT.done
  },
})
