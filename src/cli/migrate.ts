import { defineServerCommand } from './server-command.ts'

export const migrateCommand = defineServerCommand({
  name: 'migrate',
  usage: ['[--grant <role>]'],
  summary: {
    en: 'bring the database to this version, and end',
    ko: '데이터베이스를 이 버전으로 올리고 끝납니다',
  },
  options: {
    grant: {
      type: 'string',
      multiple: true,
      value: '<role>',
      doc: {
        en: 'let this role schedule and cancel in transactions of its own; not work',
        ko: '이 역할이 자기 트랜잭션에서 예약하고 취소할 수 있게 합니다 (워커 권한은 아님)',
      },
    },
  },
  async run({ config, log, values }) {
    const { migrateDatabase } = await import('../boot/index.ts')
    await migrateDatabase({ config, log, grantTo: values.grant })
  },
})
