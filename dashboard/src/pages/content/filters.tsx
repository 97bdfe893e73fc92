import { Button, NativeSelect, SegmentedControl, TextInput } from '@mantine/core'
import { useSearchState } from '../../app/search.ts'
import { usePreferences, useTexts } from '../../i18n/preferences.tsx'
import { toInstant, toLocal } from '../../i18n/zone.ts'
import { Chips } from '../../parts/list/chips.tsx'
import { stateTexts } from '../../parts/state-badge.tsx'
import { useTyped, wholeLocal } from '../../parts/use-typed.ts'
import classes from './content.module.css'
import { type Filter, SORTS, STATUSES } from './filter.ts'
import type { ContentType } from './queries.ts'
import { texts } from './texts.ts'

const HOUR = 3_600_000

const Statuses = ({ filter }: { filter: Filter }) => {
  const t = useTexts(texts)
  const names = useTexts(stateTexts)
  const [, change] = useSearchState()
  return (
    <Chips
      {...{ label: t.columns.status, className: classes.chips, all: STATUSES, chosen: filter.status }}
      nameOf={(status) => names[status]}
      onChange={(status) => change({ status })}
    />
  )
}

/** What will readers see at an instant, with the usual ones at hand. */
export const AsOfField = ({ asOf, onChange }: { asOf: string; onChange(asOf: string): void }) => {
  const t = useTexts(texts)
  const { timeZone, format } = usePreferences()
  const [typed, setTyped] = useTyped({
    given: asOf === '' ? '' : toLocal(asOf, timeZone),
    read: wholeLocal,
    take: (text) => onChange(toInstant(text, timeZone) ?? asOf),
  })
  return (
    <div className={classes.asOf}>
      <TextInput
        size="xs"
        type="datetime-local"
        label={`${t.asOf} (${format.zone()})`}
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
      />
      {([1, 24, 168] as const).map((hours) => (
        <Button
          key={hours}
          size="xs"
          variant="default"
          onClick={() => onChange(new Date(Date.now() + hours * HOUR).toISOString())}
        >
          {t.inHours(hours)}
        </Button>
      ))}
    </div>
  )
}

/** All of it in the address. */
export const Filters = ({ filter, types }: { filter: Filter; types: readonly ContentType[] }) => {
  const t = useTexts(texts)
  const [search, change] = useSearchState()
  const locales = types.find(({ name }) => name === filter.type)?.locales ?? null
  return (
    <div className={classes.filters}>
      <div className={classes.fields}>
        <NativeSelect
          size="xs"
          label={t.type}
          value={filter.type}
          data={types.map(({ name, external }) => ({
            value: name,
            label: external ? t.externalType(name) : name,
          }))}
          onChange={(event) => change({ type: event.currentTarget.value, locale: undefined })}
        />
        {locales === null ? (
          <TextInput
            size="xs"
            label={t.columns.locale}
            placeholder="ko, en"
            maxLength={200}
            value={filter.locale}
            onChange={(event) => change({ locale: event.currentTarget.value.trim() || undefined })}
          />
        ) : (
          <NativeSelect
            size="xs"
            label={t.columns.locale}
            value={filter.locale}
            data={[{ value: '', label: t.any }, ...locales.map((value) => ({ value, label: value }))]}
            onChange={(event) => change({ locale: event.currentTarget.value || undefined })}
          />
        )}
        <NativeSelect
          size="xs"
          label={t.sort}
          value={filter.sort}
          data={SORTS.map((value) => ({ value, label: t.sorts[value] }))}
          onChange={(event) =>
            change({ sort: event.currentTarget.value === SORTS[0] ? undefined : event.currentTarget.value })
          }
        />
        <div>
          <span className={classes.label}>{t.view}</span>
          <SegmentedControl
            size="xs"
            aria-label={t.view}
            value={filter.view}
            onChange={(view) =>
              change({
                view: view === 'live' ? 'live' : undefined,
                asOf: view === 'asOf' ? new Date(Date.now() + HOUR).toISOString() : undefined,
              })
            }
            data={(['draft', 'live', 'asOf'] as const).map((value) => ({ value, label: t.views[value] }))}
          />
        </div>
        {filter.view === 'asOf' && (
          <AsOfField asOf={filter.asOf} onChange={(asOf) => change({ asOf, view: undefined })} />
        )}
      </div>
      {filter.view !== 'asOf' && <Statuses filter={filter} />}
      {(search['status'] ?? search['locale']) !== undefined && (
        <Button
          variant="subtle"
          size="xs"
          className={classes.clear}
          onClick={() => change({ status: undefined, locale: undefined })}
        >
          {t.clear}
        </Button>
      )}
    </div>
  )
}
