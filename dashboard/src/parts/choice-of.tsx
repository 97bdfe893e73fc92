import { NativeSelect } from '@mantine/core'

interface ChoiceOfProps {
  label: string
  /** Shown where nothing is chosen. */
  any: string
  value: string | undefined
  choices: readonly { value: string; label: string }[]
  onChange(value: string | undefined): void
  /** The label is shown, and not only read out. */
  isLabeled?: boolean
}

/** One of what the server knows, or any. What the address names stays chosen, also where it is none of them. */
export const ChoiceOf = ({ label, any, value = '', choices, onChange, isLabeled = false }: ChoiceOfProps) => {
  const isKnown = value === '' || choices.some((choice) => choice.value === value)
  return (
    <NativeSelect
      size="xs"
      {...(isLabeled ? { label } : { 'aria-label': label })}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value || undefined)}
      data={[{ value: '', label: any }, ...choices, ...(isKnown ? [] : [{ value, label: value }])]}
    />
  )
}
