import type { Header, Recipe } from './plan.ts'
import type { Trouble } from './trouble.ts'

/** Of an image that comes in. */
export interface Limits {
  maxBytes: number
  /** All frames together. */
  maxPixels: number
  maxFrames: number
}

/** What the program asks of the process that works on images. An image stays open until the next one is opened. */
export type Question = { id: number } & (
  | { ask: 'open'; /** So many bytes of it come on standard input. */ length: number; limits: Limits }
  | { ask: 'make'; recipe: Recipe; /** Of all that are made of this image. */ widths: readonly number[] }
)

export type Answer = { id: number } & ({ header: Header } | { bytes: Uint8Array } | { trouble: Trouble })
