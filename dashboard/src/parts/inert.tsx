import { useState } from 'react'
import { useFormat, useTexts } from '../i18n/preferences.tsx'
import { defineTexts } from '../i18n/texts.ts'
import classes from './parts.module.css'

/** Characters that are not seen, and change how others are: controls, and those that turn the direction of writing. */
const UNSEEN =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/gu
const SHORT = 4_000

/** The text with what is not seen made visible: `⟨U+202E⟩`. Nothing in it does anything. */
export const visible = (text: string): string =>
  text.replaceAll(
    UNSEEN,
    (character) => `⟨U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}⟩`,
  )

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
