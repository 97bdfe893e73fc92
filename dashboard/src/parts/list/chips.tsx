import classes from './list.module.css'

interface ChipsProps<Value extends string> {
  label: string
  /** Of the row of them. */
  className: string | undefined
  all: readonly Value[]
  nameOf(value: Value): string
  /** A comma list, as the address has it. */
  chosen: string
  /** Undefined where none is chosen. */
  onChange(chosen: string | undefined): void
}

/** Any of several, a button each. */
export const Chips = <Value extends string>({ label, className, all, nameOf, ...o }: ChipsProps<Value>) => {
  const chosen = new Set(o.chosen.split(',').filter((value) => value !== ''))
  const toggle = (value: Value) => {
    const next = all.filter((one) => (one === value ? !chosen.has(one) : chosen.has(one)))
    o.onChange(next.length === 0 ? undefined : next.join(','))
  }
  return (
    <div className={className} role="group" aria-label={label}>
      {all.map((value) => (
        <button
          key={value}
          type="button"
          aria-pressed={chosen.has(value)}
          className={classes.chip}
          onClick={() => toggle(value)}
        >
          {nameOf(value)}
        </button>
      ))}
    </div>
  )
}
