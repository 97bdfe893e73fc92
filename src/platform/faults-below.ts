import { type FieldError, YeyakError } from './errors.ts'

/** Faults of a value, by their paths in what has it as its member `name`. */
export const faultsBelow = (name: string, faults: readonly FieldError[]): FieldError[] =>
  faults.map((fault) => ({
    ...fault,
    path: `${name}${fault.path === '' || fault.path.startsWith('[') ? '' : '.'}${fault.path}`,
  }))

/** What `read` makes of a member; what it refuses is refused by its paths in what has the member. */
export const readBelow = <Value>(name: string, read: () => Value): Value => {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof YeyakError)) throw error
    const { code, detail, members, fieldErrors } = error
    throw new YeyakError(code, { detail, members, errors: faultsBelow(name, fieldErrors) })
  }
}
