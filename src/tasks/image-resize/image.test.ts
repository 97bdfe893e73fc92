import { deflateSync } from 'node:zlib'
import sharp from 'sharp'
import { expect, test } from 'vitest'
import { FORMATS, formatOf } from './format.ts'
import { openImage } from './image.ts'
import { planSizes } from './plan.ts'
import type { ResizeData } from './schema.ts'

const LIMITS = { maxBytes: 20_000_000, maxPixels: 100_000_000, maxFrames: 20 }

type Color = readonly [red: number, green: number, blue: number]
const RED: Color = [220, 20, 20]
const GREEN: Color = [20, 200, 20]
const BLUE: Color = [20, 20, 220]
const GRAY: Color = [120, 120, 120]

/** 48 × 32, of four fields with a color each: top left, top right, bottom left, bottom right. */
const fields = (colors: readonly Color[]) => {
  const pixels = Buffer.alloc(48 * 32 * 3)
  for (let y = 0; y < 32; y += 1)
    for (let x = 0; x < 48; x += 1)
      pixels.set(colors[(y < 16 ? 0 : 2) + (x < 24 ? 0 : 1)] ?? GRAY, (y * 48 + x) * 3)
  return sharp(pixels, { raw: { width: 48, height: 32, channels: 3 } })
}
const picture = () => fields([RED, GREEN, BLUE, GRAY])

const make = async (bytes: Uint8Array, data: Omit<ResizeData, 'imageUrl'>): Promise<Buffer> => {
  const image = await openImage(bytes, LIMITS)
  const [first] = planSizes(image.header, data)
  if (first?.recipe === undefined) throw new Error(first?.error ?? 'nothing was planned')
  return Buffer.from(await image.make(first.recipe))
}

/** The colors in the middle of the four fields. */
const colorsOf = async (bytes: Buffer): Promise<number[][]> => {
  const { data, info } = await sharp(bytes).removeAlpha().raw().toBuffer({ resolveWithObject: true })
  const at = (x: number, y: number) => {
    const start = (Math.floor(info.height * y) * info.width + Math.floor(info.width * x)) * info.channels
    return [...data.subarray(start, start + 3)]
  }
  return [at(0.25, 0.25), at(0.75, 0.25), at(0.25, 0.75), at(0.75, 0.75)]
}

const expectColors = async (bytes: Buffer, wanted: readonly Color[]): Promise<void> => {
  const found = await colorsOf(bytes)
  const off = found.flatMap((color, i) => color.map((value, j) => Math.abs(value - (wanted[i]?.[j] ?? 999))))
  expect(Math.max(...off), JSON.stringify(found)).toBeLessThan(40)
}

const troubleOf = async (bytes: Uint8Array, limits: Partial<typeof LIMITS> = {}) =>
  openImage(bytes, { ...LIMITS, ...limits }).then(
    () => null,
    (error: { trouble: { code: string; message: string; isFinal: boolean } }) => error.trouble,
  )

test.each(FORMATS.flatMap((from) => FORMATS.map((to) => [from, to] as const)))(
  '%s becomes %s, of half the size, with the same picture',
  async (from, to) => {
    const made = await make(await picture().toFormat(from).toBuffer(), { sizes: [24], format: to })
    expect(formatOf(made)).toBe(to)
    const { width, height } = await sharp(made).metadata()
    expect([width, height]).toEqual([24, 16])
    await expectColors(made, [RED, GREEN, BLUE, GRAY])
  },
)

/** By the standard: where the first row and the first column of what is stored lie for whoever looks at it. */
const ORIENTATIONS: readonly (readonly [orientation: number, seen: readonly Color[]])[] = [
  [1, [RED, GREEN, BLUE, GRAY]],
  [2, [GREEN, RED, GRAY, BLUE]],
  [3, [GRAY, BLUE, GREEN, RED]],
  [4, [BLUE, GRAY, RED, GREEN]],
  [5, [RED, BLUE, GREEN, GRAY]],
  [6, [BLUE, RED, GRAY, GREEN]],
  [7, [GRAY, GREEN, BLUE, RED]],
  [8, [GREEN, GRAY, RED, BLUE]],
]
test.each(ORIENTATIONS)('EXIF orientation %i is carried out, and then dropped', async (orientation, seen) => {
  const stored = await picture().withMetadata({ orientation }).jpeg({ quality: 95 }).toBuffer()
  const isTurned = orientation > 4
  for (const keepMetadata of [false, true]) {
    const made = await make(stored, { sizes: [isTurned ? 16 : 24], keepMetadata })
    const { width, height, orientation: left = 1 } = await sharp(made).metadata()
    expect([width, height]).toEqual(isTurned ? [16, 24] : [24, 16])
    expect(left).toBe(1)
    await expectColors(made, seen)
  }
})

test.each(FORMATS)('%s loses its metadata, and keeps it only where that is asked for', async (format) => {
  const exif = { IFD0: { Copyright: 'Kim Min', ImageDescription: '37.5665 126.9780' } }
  const given = await picture().withExif(exif).jpeg().toBuffer()
  const dropped = await sharp(await make(given, { sizes: [24], format })).metadata()
  expect([dropped.exif, dropped.icc, dropped.xmp]).toEqual([undefined, undefined, undefined])
  const kept = await sharp(await make(given, { sizes: [24], format, keepMetadata: true })).metadata()
  expect(kept.exif?.toString('latin1')).toContain('Kim Min')
})

test('what shows through becomes the background in a JPEG, and stays open in the others', async () => {
  const clear = await sharp({
    create: { width: 20, height: 20, channels: 4, background: { r: 0, g: 0, b: 0, alpha: 0 } },
  })
    .png()
    .toBuffer()
  await expectColors(
    await make(clear, { format: 'jpeg' }),
    [1, 2, 3, 4].map(() => [255, 255, 255]),
  )
  await expectColors(
    await make(clear, { format: 'jpeg', background: '#dc1414' }),
    [1, 2, 3, 4].map(() => RED),
  )
  expect((await sharp(await make(clear, { format: 'webp' })).metadata()).hasAlpha).toBe(true)
})

test('an animation keeps its frames as WebP, and is its first one as anything else', async () => {
  const frames = await Promise.all(
    [RED, GREEN, BLUE].map((one) => fields([one, one, one, one]).png().toBuffer()),
  )
  const animation = await sharp(frames, { join: { animated: true } })
    .webp({ lossless: true })
    .toBuffer()
  const { header } = await openImage(animation, LIMITS)
  expect(header).toMatchObject({ width: 48, height: 32, frames: 3 })
  const smaller = await make(animation, { sizes: [24] })
  const { pages, width, height } = await sharp(smaller).metadata()
  expect([pages, width, height]).toEqual([3, 24, 16])
  await expectColors(await sharp(smaller, { page: 2 }).png().toBuffer(), [BLUE, BLUE, BLUE, BLUE])
  await expectColors(await make(animation, { sizes: [24], format: 'jpeg' }), [RED, RED, RED, RED])
  expect(await troubleOf(animation, { maxFrames: 2 })).toMatchObject({
    code: 'too-many-frames',
    isFinal: true,
  })
  expect(await troubleOf(animation, { maxPixels: 48 * 32 * 3 - 1 })).toMatchObject({
    code: 'too-many-pixels',
  })
  expect(await troubleOf(animation, { maxPixels: 48 * 32 * 3, maxFrames: 3 })).toBeNull()
})

/** A picture with much detail, in many colors. */
const detailed = () => {
  const noise = { type: 'gaussian', mean: 128, sigma: 60 } as const
  const create = { width: 60, height: 40, channels: 3, background: 'gray', noise } as const
  return sharp({ create })
    .png()
    .toBuffer()
    .then((clouds) => sharp(clouds).resize(300, 200))
}
const SHARED: readonly (readonly [what: string, bytes: () => Promise<Buffer>])[] = [
  ...FORMATS.map((format) => [format, async () => (await detailed()).toFormat(format).toBuffer()] as const),
  ['turned', async () => (await detailed()).withMetadata({ orientation: 6 }).jpeg().toBuffer()],
  ['with a profile of its colors', async () => (await detailed()).withIccProfile('p3').jpeg().toBuffer()],
  ['clear in places', async () => (await detailed()).ensureAlpha(0.4).png().toBuffer()],
  ['gray', async () => (await detailed()).toColourspace('b-w').jpeg().toBuffer()],
  ['of 16 bits', async () => (await detailed()).toColourspace('rgb16').png().toBuffer()],
  ['for print', async () => (await detailed()).toColourspace('cmyk').jpeg().toBuffer()],
]
test.each(SHARED)('%s: several sizes are the same pictures as each by itself', async (_what, bytes) => {
  const given = await bytes()
  const [one, many] = await Promise.all([openImage(given, LIMITS), openImage(given, LIMITS)])
  const planned = planSizes(one.header, { sizes: [40, 90, 180], format: 'png' })
  const widths = planned.flatMap(({ recipe }) => recipe?.width ?? [])
  expect(widths).toHaveLength(3)
  for (const { recipe } of planned) {
    if (recipe === undefined) throw new Error('it was not planned')
    const [alone, shared] = await Promise.all(
      [one.make(recipe), many.make(recipe, widths)].map(async (making) =>
        sharp(await making)
          .ensureAlpha()
          .raw()
          .toBuffer({ resolveWithObject: true }),
      ),
    )
    expect(shared?.info).toEqual(alone?.info)
    const off = [...(alone?.data ?? [])].map((value, i) => Math.abs(value - (shared?.data[i] ?? 0)))
    // Of 255. What is decoded at half its size (by WebP more roughly) is not quite what is decoded whole and then halved.
    expect(off.reduce((sum, value) => sum + value, 0) / off.length).toBeLessThan(6)
  }
})

const crcOf = (bytes: Buffer): number => {
  let crc = 0xffffffff
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1
  }
  return ~crc >>> 0
}
const chunk = (type: string, body: Buffer): Buffer => {
  const named = Buffer.concat([Buffer.from(type), body])
  const framed = Buffer.alloc(8 + named.length)
  framed.writeUInt32BE(body.length)
  named.copy(framed, 4)
  framed.writeUInt32BE(crcOf(named), 4 + named.length)
  return framed
}
/** A correct file of a few kB, whose header promises `side` × `side` pixels. */
const bomb = (side: number): Buffer => {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(side)
  header.writeUInt32BE(side, 4)
  header.set([8, 2, 0, 0, 0], 8)
  return Buffer.concat([
    Buffer.from('\u0089PNG\r\n\u001a\n', 'latin1'),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.alloc(1_000_000))),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

test('a decompression bomb is refused by its header, and takes neither time nor memory', async () => {
  const before = process.memoryUsage.rss()
  const begun = performance.now()
  const trouble = await troubleOf(bomb(60_000))
  expect(trouble).toMatchObject({ code: 'too-many-pixels', isFinal: true })
  expect(trouble?.message).toContain('60,000 × 60,000: 3,600,000,000 pixels')
  expect(performance.now() - begun).toBeLessThan(1000)
  expect(process.memoryUsage.rss() - before).toBeLessThan(100_000_000)
})

test('one that is below the limit, and has not the pixels that it promises, is damaged', async () => {
  await expect(make(bomb(5_000), { sizes: [10] })).rejects.toMatchObject({
    trouble: { code: 'unreadable-image', isFinal: true },
  })
})

test('a 100-megapixel image is made smaller; one pixel below its size as the limit, it is refused', async () => {
  const large = await sharp({ create: { width: 10_000, height: 10_000, channels: 3, background: '#1414dc' } })
    .jpeg({ quality: 30 })
    .toBuffer()
  const made = await make(large, { sizes: [64] })
  expect((await sharp(made).metadata()).height).toBe(64)
  await expectColors(made, [BLUE, BLUE, BLUE, BLUE])
  expect(await troubleOf(large, { maxPixels: 99_999_999 })).toMatchObject({ code: 'too-many-pixels' })
})

test.each(FORMATS)('a %s that is cut off is refused, and is not half a picture', async (format) => {
  const noise = { type: 'gaussian', mean: 128, sigma: 60 } as const
  const whole = await sharp({ create: { width: 120, height: 120, channels: 3, background: 'red', noise } })
    .toFormat(format)
    .toBuffer()
  await expect(make(whole.subarray(0, whole.length / 2), { sizes: [50] })).rejects.toMatchObject({
    trouble: { code: 'unreadable-image', isFinal: true },
  })
})

test.each([
  ['a text', Buffer.from('This is a text, although it is called photo.png')],
  ['an SVG', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"></svg>')],
  ['nothing', Buffer.alloc(0)],
])('%s is no image', async (_what, bytes) => {
  expect(await troubleOf(bytes)).toMatchObject({ code: 'not-an-image', isFinal: true })
})

test('GIF, TIFF and more than the limit of bytes are refused, whatever could be made of them', async () => {
  expect(await troubleOf(await picture().gif().toBuffer())).toMatchObject({
    code: 'not-an-image',
    message: 'an image in JPEG, PNG, WebP or AVIF is needed: it is a GIF',
  })
  expect(await troubleOf(await picture().tiff().toBuffer())).toMatchObject({ code: 'not-an-image' })
  expect(await troubleOf(await picture().png().toBuffer(), { maxBytes: 50 })).toMatchObject({
    code: 'too-large',
  })
})
