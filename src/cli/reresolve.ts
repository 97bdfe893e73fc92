import type { Moved } from '../app.ts'
import { CommandError, defineCommand, EXIT, JSON_OPTION } from './command.ts'
import { align } from './table.ts'
import { visible } from './visible.ts'
import { cut } from './width.ts'

const texts = {
  dryRun: { en: 'dry run: nothing was changed', ko: '시험 실행: 아무것도 바꾸지 않았습니다' },
  would: {
    en: (n: number, looked: number) => `would move: ${n} of ${looked} pending wall-clock times`,
    ko: (n: number, looked: number) => `옮길 시각: 대기 중인 현지 시각 ${looked}개 중 ${n}개`,
  },
  moved: {
    en: (n: number, looked: number) => `moved: ${n} of ${looked} pending wall-clock times`,
    ko: (n: number, looked: number) => `옮긴 시각: 대기 중인 현지 시각 ${looked}개 중 ${n}개`,
  },
  more: { en: (n: number) => `  … and ${n} more`, ko: (n: number) => `  … 외 ${n}개` },
  data: {
    en: (version: string) => `by the zone data ${version} of this Node.js`,
    ko: (version: string) => `이 Node.js의 시간대 자료 ${version} 기준`,
  },
  left: {
    en: (n: number) =>
      `${n} could not be moved now: somebody holds them, or their model is registered elsewhere. Run this again, where yeyak.config lies`,
    ko: (n: number) =>
      `${n}개는 지금 옮기지 못했습니다. 다른 트랜잭션이 잡고 있거나 모델이 다른 곳에 등록되어 있습니다. yeyak.config가 있는 곳에서 다시 실행하십시오`,
  },
  older: {
    en: (own: string, newer: string) =>
      `this Node.js has the zone data ${own}, and pending times were resolved by ${newer} already: run this with a newer Node.js`,
    ko: (own: string, newer: string) =>
      `이 Node.js의 시간대 자료는 ${own}인데, 대기 중인 시각은 이미 ${newer}(으)로 계산되었습니다. 더 새로운 Node.js로 실행하십시오`,
  },
}

/** Shown; all are moved. */
const MOST_SHOWN = 10_000
const TITLE_COLUMNS = 40
/** The client that yeyak.config names is the application's to close: it would keep this process. What was printed goes out first. */
const EXIT_AFTER_MS = 1_000

const rowOf = ({ kind, id, title, local, timeZone, before, after }: Moved): string[] => [
  ...[`  ${kind}`, id, `${local} ${timeZone}`, `${before} → ${after}`],
  cut(visible(title), TITLE_COLUMNS),
]

export const reresolveCommand = defineCommand({
  name: 'reresolve',
  summary: {
    en: 'resolve pending wall-clock times again, by the zone data of this Node.js',
    ko: '대기 중인 현지 시각을 이 Node.js의 시간대 자료로 다시 계산합니다',
  },
  usage: ['[--dry-run] [--json]'],
  details: {
    en: 'When a country changes its rules, 09:00 there is another instant. What is pending and was given as a local time with its zone\nis moved to where its clock is now, with an event each; what has begun stays. A worker does the same when it starts with newer\nzone data. Safe to repeat, and to interrupt.',
    ko: '나라가 시간대 규칙을 바꾸면 그곳의 09:00은 다른 순간이 됩니다. 현지 시각과 시간대로 받아 대기 중인 것을 지금 규칙의 순간으로\n옮기고 하나마다 이벤트를 남깁니다. 이미 시작된 것은 그대로 둡니다. 새 시간대 자료로 시작하는 워커도 같은 일을 합니다. 반복하거나\n중단해도 안전합니다.',
  },
  examples: ['yeyak reresolve --dry-run', 'yeyak reresolve'],
  options: {
    'dry-run': {
      type: 'boolean',
      doc: { en: 'show what would move', ko: '무엇이 옮겨질지 보여 주기만 합니다' },
    },
    json: JSON_OPTION,
  },
  most: 0,
  async run({ values, language, terminal, cwd, config: readConfig }) {
    const dryRun = values['dry-run']
    const [{ reachDatabase }, { migrateDatabase }, { openZones }, { loadConfigFile }] = await Promise.all([
      import('./database.ts'),
      import('../boot/index.ts'),
      import('../app.ts'),
      import('../config-file.ts'),
    ])
    const declared = await loadConfigFile(cwd, readConfig())
    const reached = await reachDatabase(declared.config, terminal)
    try {
      await migrateDatabase(reached)
      const { config, log, connection } = reached
      const zones = openZones({ ...declared, config, log, connection: () => connection })
      try {
        const version = zones.version ?? '?'
        const newer = await zones.newer()
        if (newer !== null) throw new CommandError(texts.older[language](version, newer))
        const items: Moved[] = []
        const { looked, moved, left } = await zones.run({
          dryRun,
          onMoved(one) {
            if (items.length < MOST_SHOWN) items.push(one)
          },
        })
        if (values.json) terminal.print(JSON.stringify({ dryRun, version, looked, moved, left, items }))
        else
          terminal.print(
            [
              ...(dryRun ? [texts.dryRun[language]] : []),
              `${(dryRun ? texts.would : texts.moved)[language](moved, looked)} (${texts.data[language](version)})`,
              ...align(items.map(rowOf)),
              ...(moved > items.length ? [texts.more[language](moved - items.length)] : []),
            ].join('\n'),
          )
        if (left > 0) throw new CommandError(texts.left[language](left))
        return EXIT.done
      } finally {
        await zones.close()
      }
    } finally {
      await reached.close()
      if (declared.external !== undefined) setTimeout(() => process.exit(), EXIT_AFTER_MS)
    }
  },
})
