import { Link, useNavigate } from '@tanstack/react-router'
import { useTexts } from '../i18n/preferences.tsx'
import { Icon } from './icons.tsx'
import { type Page, PAGES } from './pages.ts'
import classes from './shell.module.css'
import { useShortcut } from './shortcuts.tsx'
import { texts } from './texts.ts'

type Named = Page & Required<Pick<Page, 'name' | 'letter'>>

const isNamed = (page: Page): page is Named => page.name !== undefined && page.letter !== undefined
const named = PAGES.filter(isNamed)

const Entry = ({ page: { path, name, letter } }: { page: Named }) => {
  const t = useTexts(texts)
  const navigate = useNavigate()
  const title = t.pages[name]
  useShortcut({ keys: `g ${letter}`, label: t.keys.go(title), run: () => void navigate({ to: path }) })
  return (
    <li>
      <Link
        to={path}
        className={classes.entry}
        activeOptions={{ exact: path === '/', includeSearch: false }}
        aria-keyshortcuts={`g ${letter}`}
      >
        <Icon name={name} />
        {title}
      </Link>
    </li>
  )
}

export const Navigation = () => {
  const t = useTexts(texts)
  return (
    <nav id="pages" className={classes.nav} aria-label={t.navigation}>
      <ul>
        {named.map((page) => (
          <Entry key={page.path} page={page} />
        ))}
      </ul>
      <a className={classes.docs} href="/docs">
        {t.docs}
      </a>
    </nav>
  )
}
