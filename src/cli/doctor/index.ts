import type { Language } from '../../platform/errors.ts'
import { defineCommand, EXIT, JSON_OPTION } from '../command.ts'
import { pad } from '../table.ts'
import { visible } from '../visible.ts'
import type { Status } from './check.ts'
import type { Diagnosis } from './diagnose.ts'

const STATUS_NAMES: Readonly<Record<Language, Readonly<Record<Status, string>>>> = {
  en: { problem: 'PROBLEM', warning: 'warning', ok: 'ok', skipped: '-' },
  ko: { problem: '문제', warning: '주의', ok: '정상', skipped: '-' },
}

const texts = {
  summary: {
    en: (problems: number, warnings: number) =>
      problems + warnings === 0 ? 'all is well' : `${problems} problems, ${warnings} warnings`,
    ko: (problems: number, warnings: number) =>
      problems + warnings === 0 ? '이상이 없습니다' : `문제 ${problems}개, 주의 ${warnings}개`,
  },
  mend: { en: 'mend', ko: '해결' },
}

const STATUS_COLUMNS = 9
const TITLE_COLUMNS = 19

const linesOf = ({ check, status, text, mend }: Diagnosis, language: Language): string => {
  const head = `${pad(STATUS_NAMES[language][status], STATUS_COLUMNS)}${pad(check.title[language], TITLE_COLUMNS)} `
  const line = `${head}${visible(text[language])}`
  return mend === undefined
    ? line
    : `${line}\n${' '.repeat(STATUS_COLUMNS + TITLE_COLUMNS + 1)}${texts.mend[language]}: ${visible(mend[language])}`
}

export const doctorCommand = defineCommand({
  name: 'doctor',
  summary: {
    en: 'looks for what is wrong around it, each with its mend',
    ko: '설정과 환경의 문제를 찾아 해결 방법과 함께 보여 줍니다',
  },
  usage: ['[--json]'],
  details: {
    en: 'Settings, the database and its server, wake-ups, clock, indexes, autovacuum, held transactions, workers, zone data, the\nmail server and the disk. It changes nothing, sends nothing, and goes on with what it can check where something is down.\nExit code 0: nothing is a problem (there may be warnings); 1: something is.',
    ko: '설정, 데이터베이스와 서버, LISTEN, 시계, 인덱스, autovacuum, 열린 트랜잭션, 워커, 시간대 자료, 메일 서버, 디스크를 봅니다.\n아무것도 바꾸거나 보내지 않으며, 일부가 멈춰 있어도 나머지를 확인합니다. 종료 코드 0: 문제 없음(주의는 있을 수 있음), 1: 문제 있음.',
  },
  examples: ['yeyak doctor', 'yeyak doctor --json'],
  options: { json: JSON_OPTION },
  most: 0,
  async run(invocation) {
    const { values, language, terminal } = invocation
    const { diagnose } = await import('./diagnose.ts')
    const found: Diagnosis[] = []
    await diagnose(invocation, (diagnosis) => {
      found.push(diagnosis)
      if (!values.json) terminal.print(linesOf(diagnosis, language))
    })
    const count = (status: Status) => found.filter((one) => one.status === status).length
    const [problems, warnings] = [count('problem'), count('warning')]
    terminal.print(
      values.json
        ? JSON.stringify({
            ok: problems === 0,
            problems,
            warnings,
            checks: found.map(({ check, status, text, mend }) => ({
              ...{ name: check.name, status, text: text[language], mend: mend?.[language] ?? null },
            })),
          })
        : `\n${texts.summary[language](problems, warnings)}`,
    )
    return problems === 0 ? EXIT.done : EXIT.refused
  },
})
