import { isUtf8 } from 'node:buffer'
import { type Text, YeyakError } from '../platform/errors.ts'
import { unstorableText } from './json-text.ts'

const NOT_UTF8: Text = {
  en: 'The body is not valid UTF-8. Send the JSON in UTF-8.',
  ko: '본문이 올바른 UTF-8이 아닙니다. JSON을 UTF-8로 보내야 합니다.',
}
const EMPTY: Text = {
  en: 'The body is empty. Send a JSON value, or no Content-Type.',
  ko: '본문이 비어 있습니다. JSON 값을 보내거나 Content-Type을 빼야 합니다.',
}

/**
 * The value of a JSON body. Throws `malformed-json` for what is not JSON in UTF-8, and `invalid-request` for text
 * that could not be stored.
 */
export function readJson(bytes: Buffer): unknown {
  if (bytes.length === 0) throw new YeyakError('malformed-json', { detail: EMPTY })
  // A body in another encoding (CP949 from a Korean Windows console, say) would be stored as replacement characters.
  if (!isUtf8(bytes)) throw new YeyakError('malformed-json', { detail: NOT_UTF8 })
  const text = bytes.toString('utf8')
  const value = parse(text)
  const errors = unstorableText(text, value)
  if (errors.length > 0) throw new YeyakError('invalid-request', { errors })
  return value
}

/** Windows tools like to begin a file with a byte order mark, which RFC 8259 allows to be ignored. */
const BOM = '\uFEFF'

function parse(text: string): unknown {
  try {
    return JSON.parse(text.startsWith(BOM) ? text.slice(1) : text)
  } catch (cause) {
    // It names the place, and cites a few characters, which are the caller's own.
    const place = cause instanceof Error ? cause.message.toWellFormed() : ''
    const detail = {
      en: `The body is not valid JSON: ${place}.`,
      ko: `본문이 올바른 JSON이 아닙니다: ${place}.`,
    }
    throw new YeyakError('malformed-json', { detail, cause })
  }
}
