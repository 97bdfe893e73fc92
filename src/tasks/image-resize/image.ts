import { createHash } from 'node:crypto'
import sharp, { type Metadata, type Sharp } from 'sharp'
import { describeOther, type Format, formatOf } from './format.ts'
import { createPixels } from './pixels.ts'
import type { Header, Recipe } from './plan.ts'
import type { Limits } from './process-messages.ts'
import { ImageError, refuse } from './trouble.ts'

export interface Image {
  header: Header
  /** The whole file that it becomes. `widths`: of all that are made of this image; left out: of this one alone. */
  make(recipe: Recipe, widths?: readonly number[]): Promise<Uint8Array>
}

/** What libvips says of files is English, and about the file. Its last line is about what it gave up on. */
const troubleOf = (error: unknown): ImageError => {
  const text = error instanceof Error ? error.message : String(error)
  const isShort = /memory|allocate|malloc/i.test(text)
  const [line = ''] = text.split('\n')
  const trouble = isShort
    ? { code: 'out-of-memory', message: 'there was not enough memory for it', isFinal: false }
    : {
        code: 'unreadable-image',
        message: `the image is damaged, or not whole: ${line.slice(0, 200)}`,
        isFinal: true,
      }
  return new ImageError(trouble, error)
}

const n = (value: number): string => value.toLocaleString('en')

/** AVIF comes by the name of its container, which HEIC shares. */
const decodedFormat = ({ format, compression }: Metadata): string =>
  format === 'heif' && compression === 'av1' ? 'avif' : format

const readHeader = async (bytes: Uint8Array, format: Format): Promise<Metadata> => {
  let found: Metadata
  try {
    // Reads no further than the header; the limit is held against it below, with words of our own.
    found = await sharp(bytes, { limitInputPixels: false }).metadata()
  } catch (error) {
    throw troubleOf(error)
  }
  // The decoder goes by the content too: this makes sure that it is the one that was meant.
  if (decodedFormat(found) !== format) refuse('not-an-image', `it is no ${format}, although it begins as one`)
  return found
}

/**
 * Reads the header, and nothing of what it describes.
 * @throws ImageError for what is no image, or is larger than the limits
 */
export const openImage = async (bytes: Uint8Array, limits: Limits): Promise<Image> => {
  if (bytes.length > limits.maxBytes)
    refuse('too-large', `it has ${n(bytes.length)} bytes, at most ${n(limits.maxBytes)} are taken`)
  const format =
    formatOf(bytes) ??
    refuse('not-an-image', `an image in JPEG, PNG, WebP or AVIF is needed: ${describeOther(bytes).en}`)
  const found = await readHeader(bytes, format)
  const { autoOrient, height, width } = found
  const frames = format === 'webp' ? (found.pages ?? 1) : 1
  // Of an animation, `height` is that of one frame.
  const pixels = width * height * frames
  if (frames > limits.maxFrames)
    refuse('too-many-frames', `it has ${n(frames)} frames, at most ${n(limits.maxFrames)} are taken`)
  if (pixels > limits.maxPixels)
    refuse(
      'too-many-pixels',
      `its header says ${n(width)} × ${n(height)}${frames > 1 ? ` in ${n(frames)} frames` : ''}: ${n(pixels)} pixels, at most ${n(limits.maxPixels)} are taken`,
    )
  const turned = frames > 1 ? { width, height } : autoOrient
  const sha256 = createHash('sha256').update(bytes).digest('hex')

  const shared = createPixels({ bytes, format, found, frames, maxPixels: limits.maxPixels })
  const decoded = (recipe: Recipe): Sharp => {
    const source = sharp(bytes, { limitInputPixels: limits.maxPixels, animated: recipe.isAnimated })
    // Frames lie below one another, and cannot be turned; no camera makes animations.
    return frames > 1 ? source : source.autoOrient()
  }
  const resized = async (recipe: Recipe, widths: readonly number[]): Promise<Sharp> => {
    const upright = (await shared.begin(recipe, widths)) ?? decoded(recipe)
    const sized = upright.resize(recipe.width, recipe.height, { fit: 'fill' })
    return recipe.keepMetadata ? sized.keepMetadata() : sized
  }
  const encoded = (image: Sharp, { format: out, quality, background }: Recipe): Sharp => {
    const given = quality === null ? {} : { quality }
    switch (out) {
      case 'jpeg':
        return image.flatten({ background }).jpeg(given)
      case 'png':
        return image.png()
      case 'webp':
        return image.webp(given)
      case 'avif':
        return image.avif(given)
    }
  }

  return {
    header: { format, ...turned, frames, sha256 },
    async make(recipe, widths = []) {
      try {
        return await encoded(await resized(recipe, widths), recipe).toBuffer()
      } catch (error) {
        throw troubleOf(error)
      }
    },
  }
}
