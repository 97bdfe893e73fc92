import { useQuery } from '@tanstack/react-query'
import { useSearchState } from '../../app/search.ts'
import { usePermission } from '../../app/session.tsx'
import { useTexts } from '../../i18n/preferences.tsx'
import { ChoiceOf } from '../../parts/choice-of.tsx'
import { TypedFilter } from '../../parts/list/filter-fields.tsx'
import { FiltersOfList } from '../../parts/list/filters-of-list.tsx'
import { tasksQuery } from '../../parts/tasks-query.ts'
import { FILTERS, SORTS, STATES } from './filter.ts'
import { texts } from './texts.ts'

const MORE = ['error', 'provider', 'scheduleId', 'tag', 'groupKey']
const TIMES = ['dueFrom', 'dueTo', 'createdFrom', 'createdTo']

export const Filters = () => {
  const t = useTexts(texts)
  const [search, change] = useSearchState()
  const permission = usePermission('tasks:read')
  const { data: tasks = [] } = useQuery({ ...tasksQuery, enabled: permission.allowed })
  return (
    <FiltersOfList
      {...{ filters: FILTERS, states: STATES, sorts: SORTS, sortNames: t.sorts }}
      {...{ typed: MORE, times: TIMES, names: t.filters }}
    >
      <TypedFilter name="q" label={t.filters.q} />
      <ChoiceOf
        isLabeled
        label={t.task}
        any={t.any}
        value={search['task']}
        choices={tasks.map(({ name }) => ({ value: name, label: name }))}
        onChange={(task) => change({ task })}
      />
    </FiltersOfList>
  )
}
