import type { Text } from '../../platform/errors.ts'

/** What comes in, and what may come out. */
export const FORMATS = ['jpeg', 'png', 'webp', 'avif'] as const
export type Format = (typeof FORMATS)[number]

export const CONTENT_TYPES: Readonly<Record<Format, string>> = {
  jpeg: 'image/jpeg',
  png: 'image/png',
  webp: 'image/webp',
  avif: 'image/avif',
}

export const EXTENSIONS: Readonly<Record<Format, string>> = {
  jpeg: 'jpg',
  png: 'png',
  webp: 'webp',
  avif: 'avif',
}

/** The longest side that a file of the format can have. Of PNG it is what the decoders of browsers take. */
export const LONGEST_SIDE: Readonly<Record<Format, number>> = {
  jpeg: 65_500,
  png: 65_535,
  webp: 16_383,
  avif: 16_384,
}

const ascii = (bytes: Uint8Array, from: number, to: number): string =>
  String.fromCharCode(...bytes.subarray(from, to))

/** AVIF says what it is in a list of brands, the first of which may be one that HEIC has too. */
const isAvif = (bytes: Uint8Array): boolean => {
  if (ascii(bytes, 4, 8) !== 'ftyp') return false
  const size = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0)
  const brands = ascii(bytes, 8, Math.min(size, 256, bytes.length))
  return /^(?:.{4})*?avi[fs]/s.test(brands)
}

/** The format by its first bytes, which a name or a content type has no say in; null for everything else. */
export const formatOf = (bytes: Uint8Array): Format | null => {
  if (bytes.length < 16) return null
  if (bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff) return 'jpeg'
  if (ascii(bytes, 0, 8) === '\u0089PNG\r\n\u001a\n') return 'png'
  if (ascii(bytes, 0, 4) === 'RIFF' && ascii(bytes, 8, 12) === 'WEBP') return 'webp'
  return isAvif(bytes) ? 'avif' : null
}

const OTHERS: readonly (readonly [en: string, ko: string, pattern: RegExp])[] = [
  ['a GIF', 'GIF', /^GIF8[79]a/],
  ['a TIFF', 'TIFF', /^(II\*\0|MM\0\*)/],
  ['a BMP', 'BMP', /^BM/],
  ['a HEIC image', 'HEIC 이미지', /^.{4}ftyp(hei|hev|mif1|msf1)/s],
  ['a JPEG XL', 'JPEG XL', /^(\u00ff\n|\0\0\0\u000cJXL )/],
  ['a PDF', 'PDF', /^%PDF-/],
  ['an SVG', 'SVG', /^[^<]*<(\?xml[^>]*>\s*)?(<!--.*?-->\s*)*(<!DOCTYPE[^>]*>\s*)?<?svg[\s>]/is],
  ['an HTML page', 'HTML 페이지', /^[^<]*<(!doctype html|html)/i],
]

/** What bytes that are none of the formats seem to be, for the message that refuses them. */
export const describeOther = (bytes: Uint8Array): Text => {
  if (bytes.length === 0) return { en: 'it is empty', ko: '비어 있습니다.' }
  const start = ascii(bytes, 0, 1024)
  const [en, ko] = OTHERS.find(([, , pattern]) => pattern.test(start)) ?? []
  return en === undefined
    ? { en: 'it is none of these', ko: '이 가운데 어느 것도 아닙니다.' }
    : { en: `it is ${en}`, ko: `${ko}입니다.` }
}
