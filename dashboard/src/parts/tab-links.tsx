import { Link } from '@tanstack/react-router'
import classes from './tab-links.module.css'

export interface TabLink {
  key: string
  label: string
  to: string
  search?: Readonly<Record<string, string>>
}

/** Views of one page, each with an address: they are links, so that one can be sent, kept, or opened beside. */
export const TabLinks = ({
  label,
  tabs,
  shown,
}: {
  label: string
  tabs: readonly TabLink[]
  shown: string
}) => (
  <nav className={classes.tabs} aria-label={label}>
    {tabs.map(({ key, label: name, to, search }) => (
      <Link
        key={key}
        to={to}
        search={search ?? {}}
        // One view's address may begin with another's.
        activeOptions={{ exact: true }}
        aria-current={key === shown ? 'page' : undefined}
        activeProps={{ 'aria-current': key === shown ? 'page' : undefined }}
      >
        {name}
      </Link>
    ))}
  </nav>
)
