import { defineServerCommand } from './server-command.ts'

export const migrateCommand = defineServerCommand({
  name: 'migrate',
  summary: {
    en: 'bring the database to this version, and end',
    ko: '데이터베이스를 이 버전으로 올리고 끝납니다',
  },
  async run(o) {
    const { migrateDatabase } = await import('../boot/index.ts')
    await migrateDatabase(o)
  },
})
