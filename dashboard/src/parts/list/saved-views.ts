import type { Search } from '../../app/search.ts'

export interface View {
  name: string
  search: Search
}

const MOST = 50

const isView = (value: unknown): value is View =>
  typeof value === 'object' &&
  value !== null &&
  'name' in value &&
  typeof value.name === 'string' &&
  'search' in value &&
  typeof value.search === 'object'

/** In this browser: a view is a way of looking, and says nothing to others. */
export const readViews = (stored: string): View[] => {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(stored) ?? '[]')
    return Array.isArray(value) ? value.filter(isView).slice(0, MOST) : []
  } catch {
    return []
  }
}

export const writeViews = (stored: string, views: readonly View[]): void => {
  try {
    localStorage.setItem(stored, JSON.stringify(views.slice(-MOST)))
  } catch {
    // They are there for as long as the page is open.
  }
}
