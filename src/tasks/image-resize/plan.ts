import { createHash } from 'node:crypto'
import { EXTENSIONS, type Format, FORMATS, LONGEST_SIDE } from './format.ts'
import type { ResizeData } from './schema.ts'

/** What the header of an image says, held against the limits. Width and height are those that people see: turned by EXIF. */
export interface Header {
  format: Format
  width: number
  height: number
  /** More than 1 of an animation only. */
  frames: number
  /** SHA-256 of the whole file, in hexadecimal. */
  sha256: string
}

/** One image to make. */
export interface Recipe {
  width: number
  height: number
  format: Format
  quality: number | null
  background: string
  keepMetadata: boolean
  /** All frames, where the format out has animations. */
  isAnimated: boolean
}

/** A size that is asked for: how it is made and what it is called, or why it cannot be. */
export type Planned = { size: number } & (
  | { recipe: Recipe; name: string; error?: never }
  | { error: string; recipe?: never; name?: never }
)

const DEFAULT_SIZES: readonly number[] = [320, 640]
/** Raised when the same recipe begins to yield other pixels: images that are there already are then made anew. */
const RECIPES_VERSION = 1

/**
 * Of what the image and the recipe are, and nothing else: whoever makes it again arrives at the same name, and finds what is
 * there. Two levels of folders would be of no use, as names are looked up and not listed.
 */
const nameOf = (sha256: string, recipe: Recipe): string => {
  const options = createHash('sha256')
    .update(JSON.stringify([RECIPES_VERSION, recipe]))
    .digest('hex')
  return `${sha256.slice(0, 2)}/${sha256.slice(0, 40)}-${recipe.width}-${options.slice(0, 12)}.${EXTENSIONS[recipe.format]}`
}

/** Each size for itself: one that cannot be made takes nothing from the others. */
export const planSizes = (header: Header, data: Omit<ResizeData, 'imageUrl'>): Planned[] => {
  const format = FORMATS.find((one) => one === data.format) ?? header.format
  const base = {
    format,
    quality: format === 'png' ? null : (data.quality ?? null),
    background: (data.background ?? '#ffffff').toLowerCase(),
    keepMetadata: data.keepMetadata ?? false,
    isAnimated: header.frames > 1 && format === 'webp',
  }
  return (data.sizes ?? DEFAULT_SIZES).map((size): Planned => {
    const width = Math.min(size, header.width)
    const height = Math.max(1, Math.round((header.height * width) / header.width))
    if (Math.max(width, height) > LONGEST_SIDE[format])
      return {
        size,
        error: `${width} × ${height} is more than ${format.toUpperCase()} can have: ${LONGEST_SIDE[format].toLocaleString('en')} a side`,
      }
    const recipe: Recipe = { width, height, ...base }
    return { size, recipe, name: nameOf(header.sha256, recipe) }
  })
}
