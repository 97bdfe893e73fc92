/** A call that makes something. */
export interface Request {
  /** Of the API, without the origin. */
  path: string
  body: Record<string, unknown>
}

/** As one word of a POSIX shell, whatever is in it. */
export const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`

/** Controls and what turns the direction of writing: as JSON escapes they are the same, and seen. */
const UNSEEN = /[\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/gu

const written = (body: unknown): string =>
  JSON.stringify(body, null, 2).replaceAll(
    UNSEEN,
    (character) => String.raw`\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )

/**
 * The request as a command for a shell. The body stands in a here-document whose mark is quoted: nothing in it is expanded,
 * no line of JSON can be the mark, and no limit on the length of an argument applies.
 */
export const curlOf = ({ path, body }: Request, o: { origin: string; needsKey: boolean }): string =>
  [
    `curl --fail-with-body ${quoted(o.origin + path)} \\`,
    ...(o.needsKey ? ['  -H "Authorization: Bearer $YEYAK_API_KEY" \\'] : []),
    `  -H 'Content-Type: application/json' \\`,
    `  --data-binary @- <<'END'`,
    written(body),
    'END',
  ].join('\n')
