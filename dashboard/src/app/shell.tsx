import { Outlet, useLocation } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import { useTexts } from '../i18n/preferences.tsx'
import { Header } from './header.tsx'
import { Navigation } from './navigation.tsx'
import { SessionGate } from './session.tsx'
import classes from './shell.module.css'
import { ShortcutsProvider } from './shortcuts.tsx'
import { texts } from './texts.ts'

/** What every page stands in. */
export const Shell = () => {
  const t = useTexts(texts)
  const { pathname } = useLocation()
  const main = useRef<HTMLElement>(null)
  const shown = useRef(pathname)
  const [isMenuOpen, setMenuOpen] = useState(false)
  // A new page is begun at its beginning, by who listens or uses keys, too.
  useEffect(() => {
    if (shown.current === pathname) return
    shown.current = pathname
    setMenuOpen(false)
    main.current?.focus({ preventScroll: true })
  }, [pathname])
  return (
    <SessionGate>
      <ShortcutsProvider>
        <a
          className={classes.skip}
          href="#main"
          onClick={(event) => {
            event.preventDefault()
            main.current?.focus()
          }}
        >
          {t.skip}
        </a>
        <div className={classes.frame} data-menu={isMenuOpen}>
          <Header isMenuOpen={isMenuOpen} onMenu={() => setMenuOpen((is) => !is)} />
          <Navigation />
          <main id="main" ref={main} tabIndex={-1} className={classes.main}>
            <Outlet />
          </main>
        </div>
      </ShortcutsProvider>
    </SessionGate>
  )
}
