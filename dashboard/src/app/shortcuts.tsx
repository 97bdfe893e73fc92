import { Switch } from '@mantine/core'
import { createContext, type ReactNode, use, useEffect, useMemo, useRef, useState } from 'react'
import { usePreferences, useTexts } from '../i18n/preferences.tsx'
import { Dialog } from '../parts/dialog.tsx'
import classes from './shell.module.css'
import { texts } from './texts.ts'

interface Shortcut {
  /** Such as `/`, or `g o` for one after the other. */
  keys: string
  label: string
  run(): void
}

interface Registry {
  add(shortcut: { current: Shortcut }): () => void
  show(): void
}

const Context = createContext<Registry | null>(null)
/** Between the two keys of one command. */
const PAUSE_MS = 1_200

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable ||
    target.closest('input, textarea, select, [role="listbox"], [role="menu"]') !== null)

/** Commands of single keys. A page adds its own with `useShortcut`; `?` lists those that are good just now. */
export const ShortcutsProvider = ({ children }: { children: ReactNode }) => {
  const t = useTexts(texts)
  const { hasShortcuts, change } = usePreferences()
  const known = useRef(new Set<{ current: Shortcut }>())
  const [shown, setShown] = useState<Shortcut[] | null>(null)

  const registry = useMemo(
    () => ({
      add(shortcut: { current: Shortcut }) {
        known.current.add(shortcut)
        return () => {
          known.current.delete(shortcut)
        }
      },
      show() {
        setShown([...known.current].map(({ current }) => current))
      },
    }),
    [],
  )
  useEffect(() => {
    let before = ''
    let at = 0
    const press = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return
      if (isTyping(event.target) || document.querySelector('[role="dialog"]') !== null) return
      if (event.key === '?') {
        event.preventDefault()
        return registry.show()
      }
      if (!hasShortcuts) return
      const isNext = before !== '' && event.timeStamp - at < PAUSE_MS
      const keys = isNext ? `${before} ${event.key}` : event.key
      const found = [...known.current].find(({ current }) => current.keys === keys)
      before = found === undefined && event.key.length === 1 && !isNext ? event.key : ''
      at = event.timeStamp
      if (found === undefined) return
      event.preventDefault()
      found.current.run()
    }
    document.addEventListener('keydown', press)
    return () => document.removeEventListener('keydown', press)
  }, [hasShortcuts, registry])

  return (
    <Context value={registry}>
      {children}
      <Dialog opened={shown !== null} onClose={() => setShown(null)} title={t.keys.title}>
        <dl className={classes.keys}>
          {[{ keys: '?', label: t.keys.help }, ...(shown ?? [])].map(({ keys, label }) => (
            <div key={keys}>
              <dt>
                {keys.split(' ').map((key, i) => (
                  <span key={key}>
                    {i > 0 && <span className={classes.then}>{t.keys.next}</span>}
                    <kbd>{key}</kbd>
                  </span>
                ))}
              </dt>
              <dd>{label}</dd>
            </div>
          ))}
        </dl>
        <Switch
          label={t.keys.enabled}
          checked={hasShortcuts}
          onChange={(event) => change({ hasShortcuts: event.currentTarget.checked })}
        />
      </Dialog>
    </Context>
  )
}

const useRegistry = (): Registry => {
  const registry = use(Context)
  if (registry === null) throw new Error('outside of ShortcutsProvider')
  return registry
}

export const useShortcut = (shortcut: Shortcut): void => {
  const registry = useRegistry()
  const latest = useRef(shortcut)
  useEffect(() => {
    latest.current = shortcut
  })
  useEffect(() => registry.add(latest), [registry])
}

export const useShowShortcuts = (): (() => void) => useRegistry().show
