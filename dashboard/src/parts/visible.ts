/** Characters that are not seen, and change how others are: controls, and those that turn the direction of writing. */
const UNSEEN =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/gu

/** The text with what is not seen made visible: `⟨U+202E⟩`. Nothing in it does anything. */
export const visible = (text: string): string =>
  text.replaceAll(
    UNSEEN,
    (character) => `⟨U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}⟩`,
  )
