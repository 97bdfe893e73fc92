/** For `like`: part of a text, in which `%`, `_` and `\` stand for themselves. */
export const contains = (text: string): string => `%${text.replaceAll(/[\\%_]/gu, String.raw`\$&`)}%`
