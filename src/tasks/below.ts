import type { FieldError } from '../platform/errors.ts'

/** Faults of a value, by their paths in what has it as its member `name`. */
export const faultsBelow = (name: string, faults: readonly FieldError[]): FieldError[] =>
  faults.map((fault) => ({
    ...fault,
    path: `${name}${fault.path === '' || fault.path.startsWith('[') ? '' : '.'}${fault.path}`,
  }))
