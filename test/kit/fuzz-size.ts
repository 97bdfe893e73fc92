/**
 * How much the property tests try. `npm run fuzz` asks for more than `npm test` does, and for a seed where what it has
 * found is to be repeated.
 */
const given = process.env['YEYAK_TEST_FUZZ']

export const IS_FUZZ = given !== undefined
/** 1 in `npm test`. */
export const FUZZ_SCALE = Math.max(1, Math.floor(Number(given ?? 0) / 2000))
export const FUZZ_SEED = Number(process.env['YEYAK_TEST_FUZZ_SEED'] ?? Math.floor(Math.random() * 2 ** 31))
