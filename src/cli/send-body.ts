import { readFile } from 'node:fs/promises'
import type { Language } from '../platform/errors.ts'
import { UsageError, type ValuesOf } from './command.ts'
import { isRecord } from './json.ts'
import type { SEND_OPTIONS } from './send-options.ts'
import type { Terminal } from './terminal.ts'

type Given = ValuesOf<typeof SEND_OPTIONS>

const texts = {
  oneTime: {
    en: 'say when in one way: --at, --in or --local',
    ko: '시각은 --at, --in, --local 가운데 하나로만 정합니다',
  },
  zone: {
    en: '--local needs --zone, such as --zone Asia/Seoul, and --zone needs --local',
    ko: '--local과 --zone은 함께 씁니다. 예: --zone Asia/Seoul',
  },
  oneExpiry: {
    en: 'say when it expires in one way: --expires-at or --expires-in',
    ko: '만료 시각은 --expires-at과 --expires-in 가운데 하나로만 정합니다',
  },
  number: {
    en: (name: string) => `--${name} takes a whole number`,
    ko: (name: string) => `--${name}에는 정수를 씁니다`,
  },
  header: {
    en: (text: string) => `--header takes 'Name: value', not '${text}'`,
    ko: (text: string) => `--header는 'Name: value'로 씁니다: '${text}'`,
  },
  headerTwice: {
    en: (name: string) => `the header ${name} was given twice`,
    ko: (name: string) => `헤더 ${name}을(를) 두 번 썼습니다`,
  },
  json: {
    en: (name: string, why: string) => `--${name} is not valid JSON: ${why}`,
    ko: (name: string, why: string) => `--${name}의 JSON이 올바르지 않습니다: ${why}`,
  },
  object: {
    en: (name: string) => `--${name} takes a JSON object`,
    ko: (name: string) => `--${name}에는 JSON 객체를 씁니다`,
  },
  file: {
    en: (name: string, why: string) => `--${name}: the file cannot be read: ${why}`,
    ko: (name: string, why: string) => `--${name}: 파일을 읽을 수 없습니다: ${why}`,
  },
}

const reason = (error: unknown): string => (error instanceof Error ? error.message : String(error))

/** `10s` as it is; a bare number counts seconds. */
const delayOf = (text: string) => ({ delay: /^\d+(\.\d+)?$/u.test(text) ? Number(text) : text })

/** The request body that the options and the message stand for. Throws UsageError. */
export const createBody = async (o: {
  values: Given
  message: string | undefined
  language: Language
  terminal: Pick<Terminal, 'readAll'>
}): Promise<Record<string, unknown>> => {
  const { values, language } = o
  const fail = (message: string): never => {
    throw new UsageError(message)
  }

  /** `-` is the input, `@file` a file, anything else the text itself. */
  const load = async (name: string, text: string): Promise<string> => {
    if (text === '-') return o.terminal.readAll()
    if (!text.startsWith('@')) return text
    try {
      return await readFile(text.slice(1), 'utf8')
    } catch (error) {
      return fail(texts.file[language](name, reason(error)))
    }
  }

  const json = async (name: string, given: string | undefined): Promise<unknown> => {
    if (given === undefined) return undefined
    const text = await load(name, given)
    try {
      return JSON.parse(text) as unknown
    } catch (error) {
      return fail(texts.json[language](name, reason(error)))
    }
  }

  const objectOf = async (name: string, given: string | undefined) => {
    const value = await json(name, given)
    return value === undefined || isRecord(value) ? value : fail(texts.object[language](name))
  }

  const whole = (name: string, text: string | undefined): number | undefined => {
    if (text === undefined) return undefined
    return /^[+-]?\d+$/u.test(text) ? Number(text) : fail(texts.number[language](name))
  }

  const sendAt = (): unknown => {
    const { at, in: delay, local, zone, disambiguation } = values
    if ([at, delay, local].filter((time) => time !== undefined).length > 1) fail(texts.oneTime[language])
    if ((local === undefined) !== (zone === undefined)) fail(texts.zone[language])
    if (local === undefined && disambiguation !== undefined) fail(texts.zone[language])
    if (local !== undefined) return { local, timeZone: zone, disambiguation }
    return delay === undefined ? at : delayOf(delay)
  }

  const expiresAt = (): unknown => {
    const at = values['expires-at']
    const delay = values['expires-in']
    if (at !== undefined && delay !== undefined) fail(texts.oneExpiry[language])
    return delay === undefined ? at : delayOf(delay)
  }

  const headers = (): Record<string, string> | undefined => {
    const found: Record<string, string> = {}
    for (const line of values.header) {
      const [, name = '', value = ''] =
        /^([^\s:]+)\s*:\s*(.*)$/su.exec(line) ?? fail(texts.header[language](line))
      if (Object.keys(found).some((known) => known.toLowerCase() === name.toLowerCase()))
        fail(texts.headerTwice[language](name))
      found[name] = value
    }
    return values.header.length === 0 ? undefined : found
  }

  const several = (given: readonly string[]) => (given.length === 0 ? undefined : given)
  const own = {
    channel: values.channel,
    to: values.to.length > 1 ? values.to : values.to[0],
    cc: several(values.cc),
    bcc: several(values.bcc),
    from: values.from,
    replyTo: values['reply-to'],
    message: o.message === '-' ? await o.terminal.readAll() : o.message,
    subject: values.subject,
    text: values.text,
    html: values.html === undefined ? undefined : await load('html', values.html),
    payload: await json('payload', values.payload),
    headers: headers(),
    sendAt: sendAt(),
    expiresAt: expiresAt(),
    priority: whole('priority', values.priority),
    groupKey: values.group,
    dedupeKey: values.dedupe,
    onDuplicate: values['on-duplicate'],
    tags: several(values.tag),
    metadata: await objectOf('metadata', values.metadata),
  }
  const given = Object.fromEntries(Object.entries(own).filter(([, value]) => value !== undefined))
  // What is said beside the whole body wins over it: a file can hold what does not change.
  return { ...(await objectOf('body', values.body)), ...given }
}
