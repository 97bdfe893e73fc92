import { createClient, RefusedError } from './client.ts'
import { defineCommand, EXIT, JSON_OPTION, UsageError } from './command.ts'
import { textOf } from './json.ts'

const texts = {
  ids: { en: 'cancel takes one or more ids', ko: 'cancel에는 id가 하나 이상 필요합니다' },
}

const MOST_IDS = 10_000

export const cancelCommand = defineCommand({
  name: 'cancel',
  summary: { en: 'cancel notifications that have not begun', ko: '아직 보내지 않은 알림을 취소합니다' },
  usage: ['<id>… [--json]'],
  details: {
    en: 'Each is decided by itself: one that is being sent, or is final, is refused, and the exit code is 1 then. An id\nthat is printed as canceled will not be sent. With --json: a line for each, the id beside the answer.',
    ko: '하나씩 따로 정합니다. 보내는 중이거나 이미 끝난 알림은 거절되고, 종료 코드는 1입니다. canceled로 출력된 알림은\n보내지 않습니다. --json: 한 줄에 하나씩, id와 함께 응답을 출력합니다.',
  },
  examples: ['yeyak cancel 01a2009b-2f8f-71c0-a547-2e065421892e'],
  options: { json: JSON_OPTION },
  most: MOST_IDS,
  async run({ values, positionals: ids, language, terminal, config }) {
    if (ids.length === 0) throw new UsageError(texts.ids[language])
    const client = createClient({ config: config(), language })
    let code: number = EXIT.done
    for (const id of ids) {
      try {
        const { body } = await client.call({
          method: 'POST',
          path: `/v1/notifications/${encodeURIComponent(id)}/cancel`,
        })
        terminal.print(values.json ? JSON.stringify({ id, ...body }) : `${id}  ${textOf(body['state'])}`)
      } catch (error) {
        if (!(error instanceof RefusedError)) throw error
        if (values.json) terminal.print(JSON.stringify({ id, ...error.body }))
        terminal.complain(`${id}  ${error.message}`)
        code = EXIT.refused
      }
    }
    return code
  },
})
