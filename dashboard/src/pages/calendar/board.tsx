import '@fullcalendar/react/skeleton.css'
import '@fullcalendar/react/themes/classic/theme.css'
import FullCalendar, { type CalendarApi, type CalendarRef, type EventInput } from '@fullcalendar/react'
import dayGrid from '@fullcalendar/react/daygrid'
import interaction from '@fullcalendar/react/interaction'
import list from '@fullcalendar/react/list'
import korean from '@fullcalendar/react/locales/ko'
import british from '@fullcalendar/react/locales/en-gb'
import classic from '@fullcalendar/react/themes/classic'
import timeGrid from '@fullcalendar/react/timegrid'
import { useEffect, useMemo, useRef } from 'react'
import type { ClockChange } from '../../i18n/clock-changes.ts'
import { useFormat, useTexts } from '../../i18n/preferences.tsx'
import { plusLocal, toLocal } from '../../i18n/zone.ts'
import classes from './board.module.css'
import { EntryFace } from './entry-face.tsx'
import { isByDay, type Shown, type View } from './gather.ts'
import type { Kind, Range } from './queries.ts'
import { texts } from './texts.ts'

const PLUGINS = [dayGrid, timeGrid, list, interaction, classic]
const NAMES: Record<View, string> = {
  month: 'dayGridMonth',
  week: 'timeGridWeek',
  day: 'timeGridDay',
  agenda: 'listMonth',
}
const HALF_HOUR = '00:30:00'
/** How much of a day a line of the grid is: as much as one place of `gather`, so that sums stand one below the other. */
const LINE: Record<View, string> = { month: HALF_HOUR, week: HALF_HOUR, day: '00:15:00', agenda: HALF_HOUR }
const DAY_MS = 86_400_000
const MIDNIGHT = '00:00'

export interface Period extends Range {
  title: string
}

interface BoardProps {
  view: View
  date: string
  entries: readonly Shown[]
  changes: readonly ClockChange[]
  /** Whether the kind may be moved by whoever looks at it. */
  movable: Readonly<Record<string, boolean>>
  onPeriod(period: Period): void
  onOpen(entry: Shown): void
  /** `local`: the wall clock that it was dropped at, `to` the instant that was made of it. False where it is not moved there. */
  onDrop(entry: Shown, to: string, local: string): boolean
  onDay(day: string): void
}

const isShown = (value: unknown): value is Shown =>
  typeof value === 'object' && value !== null && 'key' in value

/** The calendar itself. What is on it is given; what is done with it is told. */
export const Board = (o: BoardProps) => {
  const { view, date, entries, changes, movable } = o
  const t = useTexts(texts)
  const format = useFormat()
  const ref = useRef<CalendarRef>(null)
  const apiOf = (): CalendarApi | undefined => ref.current?.getApi()
  useEffect(() => {
    apiOf()?.changeView(NAMES[view], date)
  }, [view, date])

  // What its links there are called is not what is seen of them.
  const isGrid = view === 'week' || view === 'day'
  const hasDays = isGrid && entries.some(({ day }) => day !== undefined)
  const now = Date.now()
  const events = useMemo(
    () => [
      ...entries.map((entry): EventInput => ({
        id: entry.key,
        title: entry.title,
        ...(isGrid && entry.day !== undefined ? { start: entry.day, allDay: true } : { start: entry.at }),
        color: `var(--${entry.kind})`,
        editable: entry.id !== null && movable[entry.kind] === true && Date.parse(entry.at) > now,
        durationEditable: false,
        display: view === 'agenda' ? 'list-item' : 'block',
        extendedProps: { entry },
      })),
      ...changes.map((change): EventInput => ({
        id: `clocks ${change.at}`,
        title: change.byMs > 0 ? t.ahead(change.from, change.to) : t.back(change.from, change.to),
        start: change.day,
        allDay: true,
        color: 'var(--panel-sunk)',
        interactive: false,
        editable: false,
      })),
    ],
    // What is past by a second more matters to nobody.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
    [entries, changes, movable, view, isGrid, t],
  )

  return (
    <div className={classes.board} data-view={view}>
      <FullCalendar
        ref={ref}
        plugins={PLUGINS}
        initialView={NAMES[view]}
        initialDate={date}
        timeZone={format.timeZone}
        locale={format.language === 'ko' ? korean : british}
        headerToolbar={false}
        height="auto"
        events={events}
        dayMaxEvents={5}
        eventMaxStack={4}
        moreLinkText={t.more}
        defaultTimedEventDuration={LINE[view]}
        nextDayThreshold="12:00:00"
        slotEventOverlap={false}
        allDaySlot={changes.length > 0 || hasDays}
        allDayText={hasDays ? t.wholeDay : t.allDay}
        slotDuration={LINE[view]}
        nowIndicator
        navLinks={!isGrid}
        navLinkDayClick={(day) => o.onDay(dayOf(day, format.timeZone))}
        moreLinkClick="popover"
        eventInteractive
        eventClass={classes.event}
        listItemEventBeforeClass={classes.none}
        moreLinkClass={classes.more}
        dayCellTopInnerClass={classes.dayNumber}
        eventTimeFormat={{ hour: '2-digit', minute: '2-digit', hour12: false }}
        slotHeaderFormat={{ hour: '2-digit', minute: '2-digit', hour12: false }}
        noEventsContent={t.nothing}
        datesSet={({ start, end, view: { title } }) =>
          o.onPeriod({ from: start.toISOString(), to: end.toISOString(), title })
        }
        eventClick={({ event, jsEvent }) => {
          jsEvent.preventDefault()
          const entry: unknown = event.extendedProps['entry']
          if (isShown(entry)) o.onOpen(entry)
        }}
        eventDrop={({ event, delta, revert }) => {
          const entry: unknown = event.extendedProps['entry']
          if (!isShown(entry) || event.start === null || event.allDay) return revert()
          // A place on the grid is a wall clock; which instant is made of one that does not exist, or comes twice, is not told.
          const local = plusLocal(
            toLocal(entry.at, format.timeZone),
            delta.days * DAY_MS + delta.milliseconds,
          )
          if (!o.onDrop(entry, event.start.toISOString(), local)) revert()
        }}
        eventContent={({ event, timeText }) => {
          const entry: unknown = event.extendedProps['entry']
          if (!isShown(entry)) return <span className={classes.clocks}>{event.title}</span>
          // A list says no time by itself. Of a sum the place says it, the day or the line of the grid; a part of a day says from when.
          const from = format.time(entry.from).slice(0, 5)
          const part = isByDay(view) || entry.day === undefined || from === MIDNIGHT ? '' : `${from}–`
          const own = view === 'agenda' ? from : timeText
          return <EntryFace entry={entry} kind={entry.kind as Kind} time={entry.id === null ? part : own} />
        }}
      />
    </div>
  )
}

/** The local day of an instant. */
const dayOf = (at: Date, timeZone: string): string =>
  new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' }).format(at)
