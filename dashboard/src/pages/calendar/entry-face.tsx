import { Icon, type IconName } from '../../app/icons.tsx'
import { useFormat, useTexts } from '../../i18n/preferences.tsx'
import { visible } from '../../parts/inert.tsx'
import classes from './board.module.css'
import type { Shown } from './gather.ts'
import { isKind, type Kind } from './queries.ts'
import { texts } from './texts.ts'

export const KIND_ICONS: Record<Kind, IconName> = {
  notification: 'notifications',
  publication: 'content',
  run: 'queues',
  schedule: 'schedules',
}

/** What an entry is called: its own title, or how many there are. */
export const useEntryTitle = () => {
  const t = useTexts(texts)
  const format = useFormat()
  return ({
    id,
    kind,
    title,
    count,
    more,
  }: Pick<Shown, 'id' | 'kind' | 'title' | 'count' | 'more'>): string =>
    id === null && isKind(kind)
      ? t.several[kind](`${format.number(count)}${more === true ? '+' : ''}`)
      : visible(title)
}

/** An entry on the calendar: what kind it is stands in its sign, and is said to those who listen; the colour comes on top. */
export const EntryFace = ({ entry, kind, time }: { entry: Shown; kind: Kind; time: string }) => {
  const t = useTexts(texts)
  const format = useFormat()
  const titleOf = useEntryTitle()
  const isSum = entry.id === null
  return (
    <span className={classes.face} data-kind={kind} data-sum={isSum}>
      <Icon name={KIND_ICONS[kind]} size={13} />
      <span className={classes.hidden}>{t.one[kind]}</span>
      {time !== '' && <span className={classes.time}>{time}</span>}
      <bdi className={classes.title}>{titleOf(entry)}</bdi>
      {isSum && (
        <span className={classes.count} aria-hidden="true">
          {format.count(entry.count)}
          {entry.more === true && '+'}
        </span>
      )}
    </span>
  )
}
