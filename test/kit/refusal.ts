import { YeyakError } from '../../src/index.ts'

/** The code with which the library refuses what is asked of it. */
export const codeOf = async (run: () => Promise<unknown>): Promise<string> => {
  try {
    await run()
  } catch (error) {
    if (error instanceof YeyakError) return error.code
    throw error
  }
  throw new Error('it was not refused')
}
