import { useState } from 'react'
import type { WideColumn } from '../virtual-table.tsx'

interface ColumnOptions<Row> {
  /** The first is always shown: it leads to what the row is. */
  all: readonly WideColumn<Row>[]
  /** Those that are shown until others are chosen. */
  initially: readonly string[]
  /** Under what the choice is kept in this browser. */
  stored: string
}

const read = (name: string, initially: readonly string[]): readonly string[] => {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(name) ?? 'null')
    return Array.isArray(value) ? value.map(String) : initially
  } catch {
    return initially
  }
}

/** All columns, those that are shown, and how they are chosen. */
export const useColumnChoice = <Row>({ all, initially, stored }: ColumnOptions<Row>) => {
  const [chosen, setChosen] = useState(() => read(stored, initially))
  const first = all[0]?.id
  const shows = (id: string): boolean => id === first || chosen.includes(id)
  return {
    shown: all.filter(({ id }) => shows(id)),
    choices: all.slice(1).map(({ id, title }) => ({ id, title })),
    shows,
    toggle(id: string) {
      const next = chosen.includes(id) ? chosen.filter((one) => one !== id) : [...chosen, id]
      setChosen(next)
      try {
        localStorage.setItem(stored, JSON.stringify(next))
      } catch {
        // Chosen for as long as the page is open.
      }
    },
  }
}

export type ColumnChoice = Pick<ReturnType<typeof useColumnChoice>, 'choices' | 'shows' | 'toggle'>
