/** Hangul, ideographs, kana, full-width forms and emoji take two columns of a terminal. */
const WIDE =
  /[\u{1100}-\u{115f}\u{2e80}-\u{303e}\u{3041}-\u{33ff}\u{3400}-\u{4dbf}\u{4e00}-\u{9fff}\u{a000}-\u{a4cf}\u{a960}-\u{a97f}\u{ac00}-\u{d7a3}\u{f900}-\u{faff}\u{fe30}-\u{fe6f}\u{ff00}-\u{ff60}\u{ffe0}-\u{ffe6}\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}/u
/** What stands above or below another character, joins two, or chooses a form of one takes none. */
const ZERO = /^(?:\p{Mn}|\p{Me}|\p{Cf})+$/u

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' })
const PLAIN = /^[\u0020-\u007e]*$/u

const graphemeWidth = (grapheme: string): number => (ZERO.test(grapheme) ? 0 : WIDE.test(grapheme) ? 2 : 1)

/** The columns that a text takes on a terminal. It holds no control characters. */
export const widthOf = (text: string): number => {
  if (PLAIN.test(text)) return text.length
  let width = 0
  for (const { segment } of segmenter.segment(text)) width += graphemeWidth(segment)
  return width
}

/** The text, or its beginning with an ellipsis, in at most so many columns. */
export const cut = (text: string, columns: number): string => {
  // No grapheme has more columns than characters, and none that counts has none: a long text is not measured to its end.
  if (widthOf(text.slice(0, columns * 8)) <= columns && text.length <= columns * 8) return text
  let width = 0
  let kept = ''
  for (const { segment } of segmenter.segment(text.slice(0, columns * 8))) {
    width += graphemeWidth(segment)
    if (width > columns - 1) break
    kept += segment
  }
  return `${kept}…`
}
