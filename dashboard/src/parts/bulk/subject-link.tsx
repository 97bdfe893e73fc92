import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'

/** The pages of single items, by their place in the API; runs of schedules and deliveries have none of their own. */
const PAGES = {
  notifications: '/notifications/$id',
  runs: '/runs/$id',
  publications: '/publications/$id',
  releases: '/content/release/$id',
} as const

const hasPage = (subject: string): subject is keyof typeof PAGES => Object.hasOwn(PAGES, subject)

/** Leads to one of many, where it has a page. */
export const SubjectLink = (o: { subject: string; id: string; children: ReactNode }) =>
  hasPage(o.subject) ? (
    <Link to={PAGES[o.subject]} params={{ id: o.id }}>
      {o.children}
    </Link>
  ) : (
    o.children
  )
