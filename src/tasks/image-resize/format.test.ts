import { expect, test } from 'vitest'
import { describeOther, formatOf } from './format.ts'

const bytes = (text: string) => Buffer.from(text.padEnd(64, '\0'), 'latin1')
const box = (brands: string) => {
  const size = 8 + brands.length
  return bytes(`\0\0\0${String.fromCharCode(size)}ftyp${brands}`)
}

test.each([
  ['jpeg', bytes('\u00ff\u00d8\u00ff\u00e0')],
  ['png', bytes('\u0089PNG\r\n\u001a\n')],
  ['webp', bytes('RIFF\u0010\0\0\0WEBPVP8 ')],
  ['avif', box('avif\0\0\0\0mif1avif')],
  ['avif', box('mif1\0\0\0\0mif1avifmiaf')],
  ['avif', box('avis\0\0\0\0avis')],
])('%s is known by its first bytes', (format, given) => {
  expect(formatOf(given)).toBe(format)
})

test.each([
  ['empty', Buffer.alloc(0)],
  ['none of these', bytes('Hello, I am a text.')],
  ['a GIF', bytes('GIF89a')],
  ['a TIFF', bytes('II*\0')],
  ['a HEIC image', box('heic\0\0\0\0mif1heic')],
  ['an SVG', bytes('<svg xmlns="http://www.w3.org/2000/svg"><image href="http://169.254.169.254/"/></svg>')],
  ['an SVG', bytes('<?xml version="1.0"?><!-- x --><svg width="1">')],
  ['an HTML page', bytes('<!doctype html><title>Not found</title>')],
  ['a PDF', bytes('%PDF-1.7')],
])('what is %s is no image, whatever it is called, and is told what it is', (what, given) => {
  expect(formatOf(given)).toBeNull()
  const { en, ko } = describeOther(given)
  expect(en).toBe(`it is ${what}`)
  expect(ko).toMatch(/[가-힣]\.$/u)
})

test('a brand that stands beyond the box, or across two of them, makes no AVIF', () => {
  expect(
    formatOf(Buffer.concat([box('heic\0\0\0\0mif1').subarray(0, 20), Buffer.from('avifavif'.padEnd(40))])),
  ).toBeNull()
  expect(formatOf(box('heic\0\0\0\0xxavifxx'))).toBeNull()
})
