import { expect, test } from 'vitest'
import { visible } from './visible.ts'

test('what is not seen is made visible, and everything else stays', () => {
  expect(visible('a\u202Eb\u0000c\u200Fd\uFEFF')).toBe('a⟨U+202E⟩b⟨U+0000⟩c⟨U+200F⟩d⟨U+FEFF⟩')
  expect(visible('<b>두 줄\n그리고\t탭</b> 👍')).toBe('<b>두 줄\n그리고\t탭</b> 👍')
})
