import { Button } from '@mantine/core'
import { useCallback, useMemo, useState } from 'react'
import { useSearchState } from '../../app/search.ts'
import { usePermission } from '../../app/session.tsx'
import { useShortcut } from '../../app/shortcuts.tsx'
import { clockChanges } from '../../i18n/clock-changes.ts'
import { useFormat, useTexts } from '../../i18n/preferences.tsx'
import { candidatesOf, toLocal } from '../../i18n/zone.ts'
import { useNow } from '../../parts/moments.tsx'
import { Page } from '../../parts/page.tsx'
import { Failure } from '../../parts/query-view.tsx'
import { Board, type Period } from './board.tsx'
import classes from './calendar.module.css'
import { EntryDialog } from './entry-dialog.tsx'
import { Feeds } from './feeds.tsx'
import { isByDay, type Shown, type View, VIEWS } from './gather.ts'
import { isKind, type Kind, KINDS } from './queries.ts'
import { isDay, stepped } from './step.ts'
import { texts } from './texts.ts'
import { Toolbar } from './toolbar.tsx'
import { useEntries } from './use-entries.ts'
import { useMove } from './use-move.ts'

const MINUTE_MS = 60_000
const NARROW = '(max-width: 40rem)'
/** Until the board has said which time it shows. */
const NO_PERIOD: Period = { from: '', to: '', title: '' }

/** What the address says of the calendar; a phone begins with the agenda. */
const useCalendarState = () => {
  const { timeZone } = useFormat()
  const [search, change] = useSearchState()
  const today = toLocal(new Date(useNow(MINUTE_MS)).toISOString(), timeZone).slice(0, 10)
  const [first] = useState<View>(() => (window.matchMedia(NARROW).matches ? 'agenda' : 'month'))
  const view = VIEWS.find((one) => one === search['view']) ?? first
  const date = isDay(search['date'] ?? '') ? (search['date'] ?? today) : today
  const kinds = useMemo(
    () => (search['kinds'] === undefined ? KINDS : search['kinds'].split(',').filter(isKind)),
    [search],
  )
  return { view, date, kinds, today, change }
}

/** Everything that will happen, and what did, by time; to be dragged to another one. */
export const CalendarPage = () => {
  const t = useTexts(texts)
  const format = useFormat()
  const { view, date, kinds, today, change } = useCalendarState()
  const [period, setPeriod] = useState<Period>(NO_PERIOD)
  const [opened, setOpened] = useState<Shown | null>(null)
  const [showsFeeds, setShowsFeeds] = useState(false)
  const [portions, setPortions] = useState(1)
  const notifications = usePermission('notifications:write').allowed
  const publications = usePermission('content:publish').allowed
  const move = useMove()
  const { from, to } = period
  const { query, entries, cut, canReadOn } = useEntries(period, { view, kinds, portions })
  const changes = useMemo(
    () => (from === '' ? [] : clockChanges(from, to, format.timeZone)),
    [from, to, format.timeZone],
  )
  const movable = useMemo(
    () => ({ notification: notifications, publication: publications }),
    [notifications, publications],
  )
  const take = useCallback((next: Period) => {
    setPeriod((before) =>
      before.from === next.from && before.to === next.to ? { ...before, ...next } : next,
    )
    setPortions(1)
  }, [])
  const step = (by: -1 | 1) => change({ date: stepped(date, view, by) })
  useShortcut({ keys: 'p', label: t.keys.before, run: () => step(-1) })
  useShortcut({ keys: 'n', label: t.keys.after, run: () => step(1) })
  useShortcut({ keys: 't', label: t.keys.today, run: () => change({ date: undefined }) })
  useShortcut({ keys: 'm', label: t.openKey(t.views.month), run: () => change({ view: 'month' }) })
  useShortcut({ keys: 'w', label: t.openKey(t.views.week), run: () => change({ view: 'week' }) })
  useShortcut({ keys: 'd', label: t.openKey(t.views.day), run: () => change({ view: 'day' }) })
  useShortcut({ keys: 'a', label: t.openKey(t.views.agenda), run: () => change({ view: 'agenda' }) })

  return (
    <Page
      title={t.title}
      actions={
        <Button variant="default" size="xs" onClick={() => setShowsFeeds(true)}>
          {t.feeds}
        </Button>
      }
    >
      <Toolbar
        {...{ view, date, kinds, title: period.title }}
        onStep={step}
        onDate={(next) => change({ date: next })}
        onToday={() => change({ date: undefined })}
        onView={(next) => change({ view: next })}
        onKinds={(next: readonly Kind[]) =>
          change({ kinds: next.length === KINDS.length ? undefined : next.join(',') || 'none' })
        }
      />
      <p className={classes.zone}>
        {t.zone(format.timeZone, format.zone(from === '' ? date : from))}
        {changes.map(({ at, byMs, ...one }) => (
          <strong key={at}>
            {one.day} · {byMs > 0 ? t.ahead(one.from, one.to) : t.back(one.from, one.to)}
          </strong>
        ))}
        <span className={classes.hint}>{t.dragHint}</span>
      </p>
      {query.error !== null && <Failure problem={query.error} retry={() => void query.refetch()} />}
      {cut.length > 0 && (
        <div className={classes.cut} role="status">
          {cut.map(({ kind, until, isCounted }) => (
            <p key={kind}>
              {isCounted && isByDay(view)
                ? t.counted(t.kinds[kind], format.instant(until, 'minute').slice(0, 10))
                : (isCounted ? t.countedFrom : t.cut)(t.kinds[kind], format.instant(until, 'minute'))}
            </p>
          ))}
          {canReadOn && (
            <Button variant="default" size="xs" onClick={() => setPortions((count) => count + 1)}>
              {t.readOn}
            </Button>
          )}
        </div>
      )}
      <Board
        {...{ view, date, entries, changes, movable }}
        key={`${format.timeZone} ${format.language}`}
        onPeriod={take}
        onOpen={setOpened}
        onDrop={(entry, at, local) => {
          const isClear = candidatesOf(local, format.timeZone).length === 0
          if (isClear) move.mutate({ entry, at })
          else setOpened({ ...entry, wanted: local })
          return isClear
        }}
        onDay={(day) => change({ view: 'day', date: day === today ? undefined : day })}
      />
      {opened !== null && (
        <EntryDialog
          entry={opened}
          onClose={() => setOpened(null)}
          onDay={(at) => {
            setOpened(null)
            change({ view: 'day', date: toLocal(at, format.timeZone).slice(0, 10) })
          }}
        />
      )}
      {showsFeeds && <Feeds onClose={() => setShowsFeeds(false)} />}
    </Page>
  )
}
