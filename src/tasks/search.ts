/**
 * What data may hold where somebody looks for `text`: as it is, as it stands within a text of JSON, and, where it looks like
 * JSON, with the spaces that the database writes.
 */
export const formsOf = (text: string): string[] => [
  ...new Set([
    text,
    JSON.stringify(text).slice(1, -1),
    ...(text.includes('"') ? [text.replaceAll(/(":|,)(?=\S)/gu, '$1 ')] : []),
  ]),
]
