import { parseIfMatch } from '../http/index.ts'
import { YeyakError } from '../platform/errors.ts'
import type { Expected } from './content-service.ts'
import { ID_PATTERN, LOCALE_PATTERN } from './schema.ts'
import type { Identity } from './types.ts'

const ID = new RegExp(ID_PATTERN, 'u')
const LOCALE = new RegExp(LOCALE_PATTERN, 'u')

export const isItemId = (text: string): boolean => ID.test(text)
export const isLocale = (text: string): boolean => LOCALE.test(text)

/** The item that a path and its query name. What no item can be called is not looked for. */
export const itemOf = (request: {
  params: { type: string; id: string }
  query: { locale?: string }
}): Identity => {
  const { type, id } = request.params
  const { locale = '' } = request.query
  // Of a type that is not known the service says so, whatever the id is.
  return isItemId(id) && isLocale(locale) ? { type, id, locale } : { type, id: '', locale: '' }
}

/** Content is changed by those only who say which version they have read. Throws `if-match-required`. */
export const expectedOf = (header: string | undefined): Expected => {
  const expected = parseIfMatch(header)
  if (expected === undefined) throw new YeyakError('if-match-required')
  return expected
}
