import { useQuery } from '@tanstack/react-query'
import { useSearchState } from '../../app/search.ts'
import { usePermission } from '../../app/session.tsx'
import { useTexts } from '../../i18n/preferences.tsx'
import { ChoiceOf } from '../../parts/choice-of.tsx'
import { TypedFilter } from '../../parts/list/filter-fields.tsx'
import { FiltersOfList } from '../../parts/list/filters-of-list.tsx'
import { FILTERS, SORTS, STATES } from './filter.ts'
import { channelsQuery } from '../../parts/channels-query.ts'
import { texts } from './texts.ts'

const MORE = ['to', 'tag', 'groupKey', 'dedupeKey', 'error', 'provider']
const TIMES = ['dueFrom', 'dueTo', 'createdFrom', 'createdTo']

export const Filters = () => {
  const t = useTexts(texts)
  const [search, change] = useSearchState()
  const permission = usePermission('notifications:read')
  const { data: channels = [] } = useQuery({ ...channelsQuery, enabled: permission.allowed })
  return (
    <FiltersOfList
      {...{ filters: FILTERS, states: STATES, sorts: SORTS, sortNames: t.sorts }}
      {...{ typed: MORE, times: TIMES, names: t.filters }}
    >
      <TypedFilter name="q" label={t.filters.q} />
      <ChoiceOf
        isLabeled
        label={t.filters.channel}
        any={t.any}
        value={search['channel']}
        choices={channels.map(({ name }) => ({ value: name, label: name }))}
        onChange={(channel) => change({ channel })}
      />
    </FiltersOfList>
  )
}
