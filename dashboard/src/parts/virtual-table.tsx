import { useVirtualizer } from '@tanstack/react-virtual'
import {
  type CSSProperties,
  type KeyboardEvent,
  type ReactNode,
  useEffect,
  useRef,
  useSyncExternalStore,
} from 'react'
import classes from './virtual-table.module.css'

export interface WideColumn<Row> {
  id: string
  title: string
  /** At least so many rem; with `grow`, its share of what is left. */
  rem: number
  grow?: number
  cell(row: Row): ReactNode
  isNumber?: boolean
}

interface VirtualTableProps<Row> {
  label: string
  columns: readonly WideColumn<Row>[]
  rows: readonly Row[]
  keyOf(row: Row): string
  /** Called when the end comes into sight. */
  onEnd(): void
  /** Below the last row: that there is more, or no more. */
  end: ReactNode
}

const ROW = 37
const NARROW_ROW = 68
const AHEAD = 12
/** So many rows before the end more are asked for. */
const EARLY = 60
/** Between two columns, and at the edges. */
const GAP_REM = 0.9

const narrow = window.matchMedia('(max-width: 52rem)')
const watchWidth = (watcher: () => void): (() => void) => {
  narrow.addEventListener('change', watcher)
  return () => narrow.removeEventListener('change', watcher)
}
const isNarrow = (): boolean => narrow.matches

/**
 * Rows without an end: only those in sight exist. The arrows, `j` and `k` go from row to row; a row's first link opens it. On a
 * narrow screen the cells of a row stand in two lines.
 */
export const VirtualTable = <Row,>({ label, columns, rows, keyOf, onEnd, end }: VirtualTableProps<Row>) => {
  const scroll = useRef<HTMLDivElement>(null)
  const height = useSyncExternalStore(watchWidth, isNarrow) ? NARROW_ROW : ROW
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => height,
    overscan: AHEAD,
    getItemKey: (index) => {
      const row = rows[index]
      return row === undefined ? index : keyOf(row)
    },
  })
  useEffect(() => virtual.measure(), [virtual, height])
  const items = virtual.getVirtualItems()
  const last = items.at(-1)?.index ?? -1
  useEffect(() => {
    if (last >= rows.length - 1 - EARLY) onEnd()
  }, [last, rows.length, onEnd])

  /** Where the focus is on its way to: keys come faster than pictures. */
  const aim = useRef<number | null>(null)
  const focus = (index: number): void => {
    aim.current = index
    virtual.scrollToIndex(index, { align: 'auto' })
    // Where it was out of sight it is there with the next picture.
    const arrive = () => {
      if (aim.current !== index) return
      aim.current = null
      const row = scroll.current?.querySelector<HTMLElement>(`[data-index="${index}"] a`)
      row?.focus({ preventScroll: true })
    }
    requestAnimationFrame(() => requestAnimationFrame(arrive))
  }
  const press = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const target = event.target instanceof HTMLElement ? event.target : null
    const place = Number(target?.closest<HTMLElement>('[data-index]')?.dataset['index'] ?? -1)
    const at = aim.current ?? place
    const steps: Record<string, number> = {
      ...{ ArrowDown: at + 1, j: at + 1, ArrowUp: at - 1, k: at - 1 },
      ...{ PageDown: at + 20, PageUp: at - 20, Home: 0, End: rows.length - 1 },
    }
    const next = steps[event.key]
    if (next === undefined || rows.length === 0) return
    event.preventDefault()
    focus(Math.max(0, Math.min(rows.length - 1, next)))
  }

  const shape = {
    '--columns': columns
      .map(({ rem, grow }) => (grow ? `minmax(${rem}rem, ${grow}fr)` : `${rem}rem`))
      .join(' '),
    '--least': `${columns.reduce((sum, { rem }) => sum + rem + GAP_REM, GAP_REM)}rem`,
  } as CSSProperties
  return (
    <div
      ref={scroll}
      className={classes.scroll}
      role="table"
      aria-label={label}
      aria-rowcount={-1}
      aria-colcount={columns.length}
      tabIndex={0}
      style={shape}
      onKeyDown={press}
    >
      <div role="rowgroup" className={classes.head}>
        <div role="row" className={classes.row}>
          {columns.map(({ id, title, isNumber }) => (
            <div key={id} role="columnheader" data-number={isNumber}>
              {title}
            </div>
          ))}
        </div>
      </div>
      <div role="rowgroup" className={classes.body} style={{ height: virtual.getTotalSize() }}>
        {items.map((item) => {
          const row = rows[item.index]
          if (row === undefined) return null
          return (
            <div
              key={item.key}
              role="row"
              aria-rowindex={item.index + 2}
              data-index={item.index}
              className={classes.row}
              style={{ height, transform: `translateY(${item.start}px)` }}
            >
              {columns.map(({ id, cell, isNumber }) => (
                <div key={id} role="cell" data-column={id} data-number={isNumber}>
                  {cell(row)}
                </div>
              ))}
            </div>
          )
        })}
      </div>
      <div className={classes.end}>{end}</div>
    </div>
  )
}
