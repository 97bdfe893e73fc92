/**
 * Gives the memory of bytes back at once, which nobody may use any more. Left to V8, an image lies there until some twenty
 * others have come.
 */
export const release = ({ buffer, byteLength }: Uint8Array): void => {
  // A part of something larger, such as the pool that small buffers are cut from, belongs to others too.
  if (buffer instanceof ArrayBuffer && byteLength > 0 && byteLength === buffer.byteLength) buffer.transfer(0)
}
