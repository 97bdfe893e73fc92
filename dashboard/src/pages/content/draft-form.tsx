import { Checkbox, NativeSelect, NumberInput, Textarea, TextInput } from '@mantine/core'
import type { Data } from '../../parts/diff/members.ts'
import type { Fault, Field } from './schema.ts'

interface DraftFormProps {
  fields: readonly Field[]
  data: Data
  faults: readonly Fault[]
  /** Undefined takes the member away. */
  onChange(name: string, value: unknown): void
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')

/** A form of a flat type, each member with what it lacks beside it. */
export const DraftForm = ({ fields, data, faults, onChange }: DraftFormProps) => (
  <>
    {fields.map(({ name, label, description, kind, choices, isRequired }) => {
      const value = data[name]
      const fault = faults.find(({ path }) => path === `data.${name}` || path.startsWith(`data.${name}[`))
      const shared = {
        ...{ label, description, error: fault?.message, withAsterisk: isRequired },
        size: 'sm',
      } as const
      const write = (text: string) => onChange(name, text === '' ? undefined : text)
      if (kind === 'boolean')
        return (
          <Checkbox
            {...{ label, description, error: fault?.message }}
            key={name}
            checked={value === true}
            onChange={(event) => onChange(name, event.currentTarget.checked)}
          />
        )
      if (kind === 'number' || kind === 'integer')
        return (
          <NumberInput
            {...shared}
            key={name}
            allowDecimal={kind === 'number'}
            value={typeof value === 'number' ? value : ''}
            onChange={(next) => onChange(name, typeof next === 'number' ? next : undefined)}
          />
        )
      if (kind === 'choice')
        return (
          <NativeSelect
            {...shared}
            key={name}
            value={textOf(value)}
            data={['', ...choices]}
            onChange={(event) => write(event.currentTarget.value)}
          />
        )
      if (kind === 'text')
        return (
          <Textarea
            {...shared}
            key={name}
            autosize
            minRows={6}
            maxRows={24}
            dir="auto"
            value={textOf(value)}
            onChange={(event) => write(event.currentTarget.value)}
          />
        )
      return (
        <TextInput
          {...shared}
          key={name}
          dir="auto"
          value={textOf(value)}
          onChange={(event) => write(event.currentTarget.value)}
        />
      )
    })}
  </>
)
