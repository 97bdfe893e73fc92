import { Button } from '@mantine/core'
import { useEffect, useState } from 'react'
import { useTexts } from '../i18n/preferences.tsx'
import { defineTexts } from '../i18n/texts.ts'

const SHOWN_MS = 2_500

/** Also where a page may not write to the clipboard, as over plain HTTP: by a field that is there for a moment. */
const copy = async (text: string): Promise<void> => {
  if (window.isSecureContext) return navigator.clipboard.writeText(text)
  const field = document.createElement('textarea')
  field.value = text
  document.body.append(field)
  field.select()
  // oxlint-disable-next-line typescript/no-deprecated -- the only way without a secure context
  document.execCommand('copy')
  field.remove()
}

/** Copies a text, and says that it did. */
export const CopyButton = ({ text, label }: { text: string; label?: string }) => {
  const t = useTexts(texts)
  const [outcome, setOutcome] = useState<'copied' | 'refused' | null>(null)
  useEffect(() => {
    if (outcome === null) return
    const timer = setTimeout(() => setOutcome(null), SHOWN_MS)
    return () => clearTimeout(timer)
  }, [outcome])
  return (
    <Button
      variant="default"
      size="xs"
      aria-live="polite"
      onClick={() => {
        copy(text).then(
          () => setOutcome('copied'),
          () => setOutcome('refused'),
        )
      }}
    >
      {outcome === null ? (label ?? t.copy) : t[outcome]}
    </Button>
  )
}

const texts = defineTexts(
  { copy: 'Copy', copied: 'Copied', refused: 'Copy it by hand: the browser refused' },
  { copy: '복사', copied: '복사됨', refused: '브라우저가 거부했습니다. 직접 복사하세요' },
)
