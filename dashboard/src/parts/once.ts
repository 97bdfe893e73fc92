/** 128 bits that nobody else has. */
export const newId = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join(
    '',
  )

/** cyrb53: enough to tell bodies apart; `crypto.subtle` is not there without TLS. */
const hashOf = (text: string): string => {
  let [a, b] = [0xdeadbeef, 0x41c6ce57]
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i)
    a = Math.imul(a ^ code, 2_654_435_761)
    b = Math.imul(b ^ code, 1_597_334_677)
  }
  a = Math.imul(a ^ (a >>> 16), 2_246_822_507) ^ Math.imul(b ^ (b >>> 13), 3_266_489_909)
  b = Math.imul(b ^ (b >>> 16), 2_246_822_507) ^ Math.imul(a ^ (a >>> 13), 3_266_489_909)
  return ((b >>> 0) * 2 ** 21 + ((a >>> 0) >>> 11)).toString(36)
}

/**
 * The Idempotency-Key of a draft as it is: the same for a double click, a retry and a reload, another one once anything was
 * changed, which is then another thing to be made.
 */
export const keyOf = (id: string, body: unknown): string => `draft-${id}-${hashOf(JSON.stringify(body))}`
