/**
 * Gives the memory of bytes back at once, which nobody may use any more. Left to V8, some 30 MB a second of images make it
 * collect everything once a second, for 15 to 90 ms on a busy machine, and timers wait for that.
 */
export const release = ({ buffer, byteLength }: Uint8Array): void => {
  // A part of something larger, such as the pool that small buffers are cut from, belongs to others too.
  if (buffer instanceof ArrayBuffer && byteLength > 0 && byteLength === buffer.byteLength) buffer.transfer(0)
}
