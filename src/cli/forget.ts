import type { Language } from '../platform/errors.ts'
import { CommandError, defineCommand, EXIT, JSON_OPTION, UsageError } from './command.ts'
import type { Report } from './forget-run.ts'

const texts = {
  needed: {
    en: 'forget needs an address, such as an e-mail address or a URL',
    ko: '이메일 주소나 URL 같은 주소가 필요합니다',
  },
  nothing: { en: 'there is nothing of this address', ko: '이 주소에 대한 데이터가 없습니다' },
  found: {
    en: (r: Report) => [
      `  ${r.notifications} notifications to it; ${r.waiting} still wait and will not be sent, ${r.sending} are being sent`,
      `  ${r.attempts} attempts, ${r.events} events`,
      `  ${r.traces} other places that mention it, and ${r.running} runs of tasks under way`,
    ],
    ko: (r: Report) => [
      `  이 주소로 가는 알림 ${r.notifications}개. 아직 기다리는 ${r.waiting}개는 보내지 않으며, 보내는 중인 것은 ${r.sending}개입니다`,
      `  시도 ${r.attempts}개, 이벤트 ${r.events}개`,
      `  이 주소가 언급된 다른 곳 ${r.traces}개, 실행 중인 작업 ${r.running}개`,
    ],
  },
  dryRun: { en: 'dry run: nothing was changed', ko: '시험 실행: 아무것도 바꾸지 않았습니다' },
  ask: {
    en: (address: string) => `There is no way back. Type ${address} to remove all of it: `,
    ko: (address: string) => `되돌릴 수 없습니다. 모두 지우려면 ${address}를 입력하십시오: `,
  },
  kept: { en: 'not confirmed: nothing was removed', ko: '확인되지 않았습니다. 아무것도 지우지 않았습니다' },
  removed: { en: 'removed', ko: '지웠습니다' },
  proof: {
    en: (subject: string) => `proof: the event person.forgotten about ${subject}`,
    ko: (subject: string) => `증거: ${subject}에 대한 person.forgotten 이벤트`,
  },
  account: {
    en: 'Somebody signs in with this address: an account is removed by yeyak users remove.',
    ko: '이 주소로 로그인하는 사용자가 있습니다. 계정은 yeyak users remove로 지웁니다.',
  },
  left: {
    en: (n: number) => `${n} are still being sent, or run: run this again when that is over`,
    ko: (n: number) =>
      `아직 보내는 중인 알림이나 실행 중인 작업이 ${n}개 있습니다. 끝난 뒤에 다시 실행해야 합니다`,
  },
}

const isNothing = (report: Report): boolean => report.notifications + report.traces + report.running === 0

const describe = (report: Report, language: Language): string =>
  isNothing(report) ? texts.nothing[language] : texts.found[language](report).join('\n')

/** `yeyak forget`: removes what is kept about a person, and leaves a proof that bears no name. */
export const forgetCommand = defineCommand({
  name: 'forget',
  summary: { en: "remove a person's data", ko: '개인의 데이터를 지웁니다' },
  usage: ['<address> [--dry-run] [--yes] [--json]'],
  details: {
    en: 'Everything that was or will be sent to the address, alone or among others: what waits is canceled, and recipient, text,\nmetadata, tags and keys are emptied, in the history and in what webhooks bear of it, too. There is no way back.',
    ko: '그 주소로 보냈거나 보낼 모든 것이 대상이며, 여러 수신자 중 하나인 경우도 같습니다. 기다리는 것은 취소하고 수신자, 내용,\n메타데이터, 태그, 키를 기록과 웹훅에서도 비웁니다. 되돌릴 수 없습니다.',
  },
  examples: ['yeyak forget jane@example.com --dry-run', 'yeyak forget jane@example.com'],
  options: {
    'dry-run': { type: 'boolean', doc: { en: 'show what there is', ko: '무엇이 있는지 보여 주기만 합니다' } },
    yes: { type: 'boolean', doc: { en: 'do not ask', ko: '묻지 않습니다' } },
    json: JSON_OPTION,
  },
  most: 1,
  async run({ values, positionals, language, terminal, config: readConfig }) {
    const [given = ''] = positionals
    if (given.trim() === '') throw new UsageError(texts.needed[language])
    const config = readConfig()
    const [{ openPool, reachDatabase }, { createTables }, { migrateDatabase }, repository, run] =
      await Promise.all([
        import('./database.ts'),
        import('../platform/tables.ts'),
        import('../boot/index.ts'),
        import('./repository-forget.ts'),
        import('./forget-run.ts'),
      ])
    const reached = await reachDatabase(config, terminal)
    const db = openPool(reached, { applicationName: 'yeyak-forget', maxConnections: 2 })
    try {
      await migrateDatabase(reached)
      const tables = createTables(config.schema)
      const person = repository.personOf(given)
      const mailDirectory = config.email.kind === 'capture' ? config.email.directory : null
      const options = { db, tables, queueSchema: config.queueSchema, person, mailDirectory }
      if (await repository.hasAccount(db, tables, person)) terminal.complain(texts.account[language])
      const preview = await run.previewForget(options)
      const show = (report: Report, more: object) =>
        terminal.print(values.json ? JSON.stringify({ ...more, ...report }) : describe(report, language))
      if (values['dry-run'] || isNothing(preview)) {
        show(preview, { dryRun: values['dry-run'] })
        if (values['dry-run'] && !values.json) terminal.print(texts.dryRun[language])
        return EXIT.done
      }
      if (!values.yes) {
        terminal.complain(describe(preview, language))
        const answer = await terminal.ask(texts.ask[language](person.address))
        if (answer?.trim() !== person.address) throw new CommandError(texts.kept[language])
      }
      const { proof, left, ...report } = await run.forget(options)
      show(report, { dryRun: false, proof: proof?.subject ?? null, left })
      if (!values.json) terminal.print(texts.removed[language])
      if (!values.json && proof !== null) terminal.print(texts.proof[language](proof.subject))
      if (left > 0) throw new CommandError(texts.left[language](left))
      return EXIT.done
    } finally {
      await db.destroy()
      await reached.close()
    }
  },
})
