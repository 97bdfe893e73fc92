import { SegmentedControl } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Problem } from '../../api/problem.ts'
import { useSearchState } from '../../app/search.ts'
import { useFormat, useTexts } from '../../i18n/preferences.tsx'
import { Inert, InertLine, visible } from '../../parts/inert.tsx'
import { Instant } from '../../parts/moments.tsx'
import { Panel } from '../../parts/page.tsx'
import { Empty, QueryView } from '../../parts/query-view.tsx'
import classes from './content.module.css'
import { AsOfField } from './filters.tsx'
import { texts } from './item-texts.ts'
import { type Identity, NAMES, readersQuery } from './queries.ts'

const MOST_MEMBERS = 60

/** What names the item comes first; the database keeps no order. */
const namesOf = (data: Readonly<Record<string, unknown>>): string[] =>
  Object.keys(data).toSorted((a, b) => rankOf(a) - rankOf(b))

const rankOf = (name: string): number => {
  const at = NAMES.findIndex((one) => one === name)
  return at === -1 ? NAMES.length : at
}

/** Data as they are, member by member; a text as text. */
const DataView = ({ data }: { data: Readonly<Record<string, unknown>> }) => (
  <div className={classes.members}>
    {namesOf(data)
      .slice(0, MOST_MEMBERS)
      .map((name) => [name, data[name]] as const)
      .map(([name, value]) => (
        <div key={name} data-text={typeof value === 'string'}>
          <h3>
            <InertLine text={name} most={120} />
          </h3>
          <Inert
            label={visible(name.slice(0, 120))}
            text={typeof value === 'string' ? value : (JSON.stringify(value, null, 2) ?? '')}
          />
        </div>
      ))}
  </div>
)

/** What readers see: now, or at an instant to come if everything that is pending goes well. */
export const Readers = ({ identity }: { identity: Identity }) => {
  const t = useTexts(texts)
  const format = useFormat()
  const [search, change] = useSearchState()
  const asOf = search['asOf'] ?? ''
  const query = useQuery({ ...readersQuery(identity, asOf === '' ? null : asOf), retry: false })
  const isUnseen = query.error instanceof Problem && query.error.status === 404
  return (
    <Panel
      title={t.readers.title}
      actions={
        <SegmentedControl
          size="xs"
          aria-label={t.readers.when}
          value={asOf === '' ? 'now' : 'asOf'}
          onChange={(when) =>
            change({ asOf: when === 'now' ? undefined : new Date(Date.now() + 3_600_000).toISOString() })
          }
          data={[
            { value: 'now', label: t.readers.now },
            { value: 'asOf', label: t.readers.asOf },
          ]}
        />
      }
    >
      {asOf !== '' && <AsOfField asOf={asOf} onChange={(next) => change({ asOf: next })} />}
      {isUnseen ? (
        <Empty>{asOf === '' ? t.readers.nothing : t.readers.nothingThen}</Empty>
      ) : (
        <QueryView query={query}>
          {({ data, liveRevision, publishedAt }) => (
            <>
              <p className={classes.dimmed}>
                {liveRevision !== null && t.revisions.one(format.number(liveRevision))} · {t.readers.since}{' '}
                <Instant at={publishedAt} />
              </p>
              <DataView data={data} />
            </>
          )}
        </QueryView>
      )}
    </Panel>
  )
}
