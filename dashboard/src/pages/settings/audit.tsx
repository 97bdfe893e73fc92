import { Button, NativeSelect, TextInput } from '@mantine/core'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { useSearchState } from '../../app/search.ts'
import { useTexts } from '../../i18n/preferences.tsx'
import { DiffView } from '../../parts/diff/diff-view.tsx'
import { isObject } from '../../parts/diff/members.ts'
import { Inert, InertLine } from '../../parts/inert.tsx'
import { TimeFilter } from '../../parts/list/filter-fields.tsx'
import { Instant } from '../../parts/moments.tsx'
import { Panel } from '../../parts/page.tsx'
import { QueryView } from '../../parts/query-view.tsx'
import { type AuditEvent, auditQuery, keysQuery, usersQuery } from './queries.ts'
import classes from './settings.module.css'
import { texts } from './texts.ts'

const KINDS = [
  ...['notification', 'content', 'release', 'run', 'schedule', 'queue', 'operation'],
  ...['key', 'user', 'project', 'session', 'webhook', 'calendar', 'person'],
]
const TYPED = ['actor', 'subject', 'type'] as const
const TIMES = ['from', 'to'] as const

/** Who did what, from where, and what it was before. The filters stand in the address. */
export const Audit = () => {
  const t = useTexts(texts)
  const [search] = useSearchState()
  const filter = Object.fromEntries(
    ['kind', ...TYPED, ...TIMES].flatMap((name) => {
      const value = search[name]
      return value === undefined ? [] : [[name, value]]
    }),
  )
  const query = useInfiniteQuery(auditQuery(filter))
  const actorOf = useActors()
  return (
    <Panel
      title={t.tabs.audit}
      hint={t.audit.hint}
      actions={
        <Button variant="default" size="xs" loading={query.isRefetching} onClick={() => void query.refetch()}>
          {t.audit.reload}
        </Button>
      }
    >
      <Filters key={JSON.stringify(filter)} />
      <QueryView
        query={query}
        lines={10}
        isEmpty={({ pages }) => pages.every(({ items }) => items.length === 0) && !query.hasNextPage}
        empty={Object.keys(filter).length === 0 ? t.audit.none : t.noneFound}
      >
        {({ pages }) => (
          <ul className={classes.audit} aria-label={t.tabs.audit}>
            {pages.flatMap(({ items }) =>
              items.map((event) => <Entry key={event.id} event={event} actorOf={actorOf} />),
            )}
          </ul>
        )}
      </QueryView>
      {query.hasNextPage && (
        <Button
          variant="subtle"
          size="xs"
          loading={query.isFetchingNextPage}
          onClick={() => void query.fetchNextPage()}
        >
          {t.older}
        </Button>
      )}
    </Panel>
  )
}

/** Typed filters are asked for when they are whole: with Enter, or when the field is left. */
const Filters = () => {
  const t = useTexts(texts)
  const [search, change] = useSearchState()
  const [typed, setTyped] = useState<Record<string, string>>({})
  const ask = (name: string) => {
    const value = typed[name]?.trim()
    if (value !== undefined && value !== (search[name] ?? '')) change({ [name]: value || undefined })
  }
  return (
    <div className={classes.filters}>
      <NativeSelect
        size="xs"
        label={t.audit.kind}
        value={search['kind'] ?? ''}
        data={[{ value: '', label: t.any }, ...KINDS]}
        onChange={(event) => change({ kind: event.currentTarget.value || undefined })}
      />
      {TYPED.map((name) => (
        <TextInput
          key={name}
          size="xs"
          label={t.audit[name]}
          placeholder={t.audit.examples[name]}
          maxLength={300}
          value={typed[name] ?? search[name] ?? ''}
          onChange={(event) => setTyped({ ...typed, [name]: event.currentTarget.value })}
          onBlur={() => ask(name)}
          onKeyDown={(event) => {
            if (event.key === 'Enter') ask(name)
          }}
        />
      ))}
      {TIMES.map((name) => (
        <TimeFilter key={name} name={name} label={t[name]} />
      ))}
    </div>
  )
}

/** Who it was by name, where that is known: an id says little to people. */
const useActors = () => {
  const { data: keys = [] } = useQuery(keysQuery)
  const { data: users = [] } = useQuery(usersQuery)
  return useMemo(() => {
    const names = new Map([...keys, ...users].map(({ id, name }) => [id, name]))
    return ({ kind, id }: AuditEvent['actor']): string =>
      id === null ? kind : `${kind} ${names.get(id) ?? id}`
  }, [keys, users])
}

interface EntryProps {
  event: AuditEvent
  actorOf(actor: AuditEvent['actor']): string
}

const Entry = ({ event, actorOf }: EntryProps) => {
  const t = useTexts(texts)
  const { id, at, type, actor, subject, data } = event
  const { before, after, ...rest } = data
  const isChange = isObject(before) || isObject(after)
  const others = Object.keys(rest).length > 0 ? rest : null
  return (
    <li>
      <div className={classes.auditHead}>
        <Instant at={at} />
        <strong>{type}</strong>
        <InertLine
          text={[actorOf(actor), actor.from].filter((part) => part !== null).join(' · ')}
          most={120}
        />
        <InertLine text={`${subject.kind} ${subject.id}`} most={220} />
      </div>
      {(isChange || others !== null) && (
        <details>
          <summary>{t.audit.details}</summary>
          <div>
            {isChange && (
              <DiffView before={isObject(before) ? before : {}} after={isObject(after) ? after : {}} />
            )}
            {others !== null && (
              <Inert text={JSON.stringify(others, null, 2)} label={`${t.audit.details}: ${type} ${id}`} />
            )}
          </div>
        </details>
      )}
    </li>
  )
}
