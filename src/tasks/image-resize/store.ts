/** Where finished images go. Names are of `plan.ts`: what has a name is what the name says. */
export interface Store {
  /** Whether it is there, and then its size. */
  find(name: string, signal: AbortSignal): Promise<{ bytes: number } | null>
  /**
   * Whole, or not at all; what has the name already is replaced by its equal.
   * @throws ImageError
   */
  put(name: string, image: { bytes: Buffer; contentType: string }, signal: AbortSignal): Promise<void>
  /** Where whoever asked for it finds it. */
  locationOf(name: string): string
  /** Removes what an ended process left half done. */
  tidy(): Promise<void>
  close(): Promise<void>
}
