import { createContext, type ReactNode, use, useCallback, useMemo, useState } from 'react'
import { Icon } from '../app/icons.tsx'
import { useTexts } from '../i18n/preferences.tsx'
import { defineTexts } from '../i18n/texts.ts'
import classes from './parts.module.css'

interface Toast {
  id: number
  tone: 'good' | 'bad'
  text: string
  /** To undo it, or to try again. */
  action?: { label: string; run(): void }
}

export type Say = (toast: Omit<Toast, 'id'>) => void

const Context = createContext<Say | null>(null)
const SHOWN_MS = 6_000
const MOST = 4
let lastId = 0

/** What became of an action. Refusals stay until they are put away; both are read out to those who listen. */
export const ToastsProvider = ({ children }: { children: ReactNode }) => {
  const t = useTexts(texts)
  const [toasts, setToasts] = useState<Toast[]>([])
  const drop = useCallback((id: number) => setToasts((all) => all.filter((one) => one.id !== id)), [])
  const say = useCallback<Say>(
    (toast) => {
      const id = (lastId += 1)
      // Said again, it takes the place of the one before.
      setToasts((all) => [...all.filter(({ text }) => text !== toast.text), { ...toast, id }].slice(-MOST))
      if (toast.tone === 'good' && toast.action === undefined) setTimeout(() => drop(id), SHOWN_MS)
    },
    [drop],
  )
  const region = useMemo(
    () => (
      <section className={classes.toasts} aria-label={t.messages} aria-live="polite">
        {toasts.map(({ id, tone, text, action }) => (
          <div
            key={id}
            className={classes.toast}
            data-tone={tone}
            role={tone === 'bad' ? 'alert' : undefined}
          >
            <Icon name={tone === 'good' ? 'check' : 'alert'} />
            <p>{text}</p>
            {action !== undefined && (
              <button
                type="button"
                className={classes.toastAction}
                onClick={() => {
                  drop(id)
                  action.run()
                }}
              >
                {action.label}
              </button>
            )}
            <button
              type="button"
              className={classes.toastClose}
              aria-label={t.close}
              onClick={() => drop(id)}
            >
              <Icon name="close" size={16} />
            </button>
          </div>
        ))}
      </section>
    ),
    [toasts, t, drop],
  )
  return (
    <Context value={say}>
      {children}
      {region}
    </Context>
  )
}

export const useSay = (): Say => {
  const say = use(Context)
  if (say === null) throw new Error('outside of ToastsProvider')
  return say
}

const texts = defineTexts(
  { messages: 'Messages', close: 'Close' },
  { messages: '알림 메시지', close: '닫기' },
)
