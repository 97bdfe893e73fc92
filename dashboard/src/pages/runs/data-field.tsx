import { Textarea } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTexts } from '../../i18n/preferences.tsx'
import classes from './runs.module.css'
import { texts } from './texts.ts'

interface DataFieldProps {
  value: string
  description?: string
  error: ReactNode
  onChange(text: string): void
}

/** What a run is given, as JSON. */
export const DataField = ({ value, description, error, onChange }: DataFieldProps) => (
  <Textarea
    className={classes.json}
    label={useTexts(texts).start.data}
    description={description}
    autosize
    minRows={4}
    maxRows={16}
    spellCheck={false}
    value={value}
    error={error}
    onChange={(event) => onChange(event.currentTarget.value)}
  />
)
