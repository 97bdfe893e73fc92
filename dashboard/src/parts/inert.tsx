import { useState } from 'react'
import { useFormat, useTexts } from '../i18n/preferences.tsx'
import { defineTexts } from '../i18n/texts.ts'
import classes from './parts.module.css'
import { visible } from './visible.ts'

export { visible } from './visible.ts'

const SHORT = 4_000

/** One line of somebody else's text, cut to what a cell can hold. */
export const InertLine = ({ text, most = 300 }: { text: string; most?: number }) => (
  <bdi className={classes.inertLine}>{visible(text.length > most ? `${text.slice(0, most)}…` : text)}</bdi>
)

/** Somebody else's text, whole, as it is: never as markup. A long one is shown in part first. */
export const Inert = ({ text, label }: { text: string; label: string }) => {
  const t = useTexts(texts)
  const format = useFormat()
  const [isWhole, setWhole] = useState(false)
  const shown = isWhole || text.length <= SHORT ? text : text.slice(0, SHORT)
  return (
    <div>
      <pre className={classes.inert} dir="auto" tabIndex={0} aria-label={label} role="region">
        {visible(shown)}
      </pre>
      {shown.length < text.length && (
        <button type="button" className={classes.plainButton} onClick={() => setWhole(true)}>
          {t.all(format.number(text.length))}
        </button>
      )}
    </div>
  )
}

const texts = defineTexts(
  { all: (count: string) => `Show all ${count} characters` },
  { all: (count) => `전체 ${count}자 보기` },
)
