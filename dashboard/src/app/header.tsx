import { ActionIcon, TextInput, Tooltip } from '@mantine/core'
import { Link, useLocation, useNavigate } from '@tanstack/react-router'
import { type SubmitEvent, useRef, useState } from 'react'
import { useTexts } from '../i18n/preferences.tsx'
import { Icon } from './icons.tsx'
import { useLiveState } from './live.tsx'
import { Logo } from './logo.tsx'
import { PreferencesMenu } from './preferences-menu.tsx'
import { useSession } from './session.tsx'
import classes from './shell.module.css'
import { useShortcut } from './shortcuts.tsx'
import { texts } from './texts.ts'

const LiveBadge = () => {
  const t = useTexts(texts)
  const state = useLiveState()
  return (
    <Tooltip label={t.liveHint[state]}>
      <span className={classes.live} data-state={state} role="status" tabIndex={0}>
        <span className={classes.liveText}>{t.live[state]}</span>
      </span>
    </Tooltip>
  )
}

const ReadOnlyBadge = () => {
  const t = useTexts(texts)
  const session = useSession()
  if (session === null || session.scopes.some((scope) => !scope.endsWith(':read'))) return null
  return (
    <Tooltip label={t.readOnlyHint}>
      <span className={classes.readOnly} tabIndex={0}>
        {t.readOnly}
      </span>
    </Tooltip>
  )
}

/** Of notifications, but on the pages of runs of these. */
const Search = () => {
  const t = useTexts(texts)
  const path = useLocation({ select: ({ pathname }) => pathname })
  const list = path.startsWith('/runs') ? 'runs' : 'notifications'
  const label = t.search[list]
  const navigate = useNavigate()
  const input = useRef<HTMLInputElement>(null)
  const [wanted, setWanted] = useState('')
  useShortcut({ keys: '/', label, run: () => input.current?.focus() })
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    const q = wanted.trim()
    void navigate({ to: `/${list}`, search: q === '' ? {} : { q } })
    setWanted('')
    // Where what was found stands: keys go on from there.
    document.querySelector<HTMLElement>('#main')?.focus({ preventScroll: true })
  }
  return (
    <form role="search" className={classes.search} onSubmit={submit}>
      <TextInput
        ref={input}
        type="search"
        size="sm"
        aria-label={label}
        placeholder={label}
        maxLength={200}
        leftSection={
          <ActionIcon type="submit" variant="transparent" color="gray" size="sm" aria-label={t.seek}>
            <Icon name="search" size={16} />
          </ActionIcon>
        }
        rightSection={<kbd className={classes.hintKey}>/</kbd>}
        value={wanted}
        onChange={(event) => setWanted(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') input.current?.blur()
        }}
      />
    </form>
  )
}

export const Header = ({ isMenuOpen, onMenu }: { isMenuOpen: boolean; onMenu: () => void }) => {
  const t = useTexts(texts)
  return (
    <header className={classes.header}>
      <ActionIcon
        className={classes.menuButton}
        variant="subtle"
        size="lg"
        aria-label={t.menu}
        aria-expanded={isMenuOpen}
        aria-controls="pages"
        onClick={onMenu}
      >
        <Icon name={isMenuOpen ? 'close' : 'menu'} />
      </ActionIcon>
      <Link to="/" className={classes.home}>
        <Logo />
      </Link>
      <Search />
      <div className={classes.status}>
        <ReadOnlyBadge />
        <LiveBadge />
        <PreferencesMenu />
      </div>
    </header>
  )
}
