import { JSON_OPTION, type Options, type ValuesOf } from './command.ts'

const instant = { type: 'string', value: '<instant>' } as const

/** `yeyak list`: the filters of `GET /v1/notifications`, and how much of it to show. */
export const LIST_OPTIONS = {
  state: {
    type: 'string',
    value: '<states>',
    doc: {
      en: 'scheduled, queued, sending, retrying, delivered, failed, canceled, expired',
      ko: 'scheduled, queued, sending, retrying, delivered, failed, canceled, expired',
    },
  },
  channel: { type: 'string', value: '<names>', doc: { en: 'of these channels', ko: '채널' } },
  to: { type: 'string', value: '<to>', doc: { en: 'to this recipient', ko: '수신자' } },
  tag: {
    type: 'string',
    multiple: true,
    value: '<tag>',
    doc: { en: 'with this tag; repeated: with all of them', ko: '태그. 여러 번 쓰면 모두 가진 것' },
  },
  group: { type: 'string', value: '<key>', doc: { en: 'of this group', ko: '그룹' } },
  dedupe: { type: 'string', value: '<key>', doc: { en: 'with this dedupe key', ko: '중복 방지 키' } },
  'due-from': { ...instant, doc: { en: 'due then or later', ko: '이 시각부터' } },
  'due-to': { ...instant, doc: { en: 'due before', ko: '이 시각 전까지' } },
  'created-from': { ...instant, doc: { en: 'created then or later', ko: '이때부터 만든 것' } },
  'created-to': { ...instant, doc: { en: 'created before', ko: '이때 전에 만든 것' } },
  search: {
    type: 'string',
    value: '<text>',
    doc: { en: 'part of the recipient, subject or message', ko: '수신자, 제목, 메시지의 일부' },
  },
  sort: {
    type: 'string',
    value: '<field>',
    doc: {
      en: 'dueAt, createdAt or updatedAt; - in front: descending',
      ko: 'dueAt, createdAt, updatedAt. 앞에 -: 내림차순',
    },
  },
  limit: { type: 'string', value: '<n>', doc: { en: 'so many at most (50)', ko: '최대 개수(50)' } },
  all: { type: 'boolean', doc: { en: 'every one of them', ko: '전부' } },
  watch: {
    type: 'boolean',
    short: 'w',
    doc: { en: 'show what changes, until Ctrl-C', ko: 'Ctrl-C를 누를 때까지 바뀌는 것을 보여 줍니다' },
  },
  json: JSON_OPTION,
} as const satisfies Options

export type ListQuery = Readonly<Record<string, string | readonly string[] | undefined>>

/** The query of the HTTP list that the options stand for. */
export const queryOf = (values: ValuesOf<typeof LIST_OPTIONS>): ListQuery => ({
  state: values.state,
  channel: values.channel,
  to: values.to,
  tag: values.tag,
  groupKey: values.group,
  dedupeKey: values.dedupe,
  dueFrom: values['due-from'],
  dueTo: values['due-to'],
  createdFrom: values['created-from'],
  createdTo: values['created-to'],
  q: values.search,
  sort: values.sort,
})
