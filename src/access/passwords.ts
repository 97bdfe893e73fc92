import { randomBytes } from 'node:crypto'
import { unavailable } from '../http/index.ts'
import type { FieldError } from '../platform/errors.ts'
import { createSemaphore } from '../platform/semaphore.ts'

export const PASSWORD_LENGTH = { min: 10, max: 200 } as const
const DIFFERENT = 5

/** Each takes 19 MiB and some 30 ms of a core. */
const AT_ONCE = 2
const WAITING = 20

/** The same letters, whichever way a keyboard composes them. */
const normal = (password: string): string => password.normalize('NFKC')

/** What is wrong with a new password, if anything. */
export const passwordFault = (password: string, email: string, path: string): FieldError | null => {
  const length = Array.from(password).length
  if (length < PASSWORD_LENGTH.min || length > PASSWORD_LENGTH.max) return { path, message: LENGTH }
  if (new Set(password).size < DIFFERENT || normal(password).toLowerCase() === email.toLowerCase())
    return { path, message: TOO_EASY }
  return null
}

export type Passwords = ReturnType<typeof createPasswords>

/** Argon2id, as much at a time as two cores bear. Loaded at the first use: most processes never need it. */
export const createPasswords = () => {
  const semaphore = createSemaphore(AT_ONCE)
  const { signal } = new AbortController()
  let waiting = 0
  let nobodys: Promise<string> | null = null

  const inTurn = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    if (waiting >= WAITING) throw unavailable('overloaded', 2)
    waiting += 1
    const giveBack = await semaphore.take(1, signal).finally(() => (waiting -= 1))
    try {
      return await work()
    } finally {
      giveBack?.()
    }
  }

  const hash = (password: string): Promise<string> =>
    inTurn(async () => (await import('@node-rs/argon2')).hash(normal(password)))

  return {
    hash,
    /** Takes as long for nobody's password (null) as for a wrong one, so that addresses cannot be found out. */
    async verify(stored: string | null, password: string): Promise<boolean> {
      nobodys ??= hash(randomBytes(32).toString('base64')).catch((error: unknown) => {
        nobodys = null
        throw error
      })
      const compared = stored ?? (await nobodys)
      const isRight = await inTurn(async () =>
        (await import('@node-rs/argon2')).verify(compared, normal(password)),
      )
      return isRight && stored !== null
    },
  }
}

const LENGTH = {
  en: `must be ${PASSWORD_LENGTH.min} to ${PASSWORD_LENGTH.max} characters long`,
  ko: `${PASSWORD_LENGTH.min}~${PASSWORD_LENGTH.max}자여야 합니다.`,
}
const TOO_EASY = {
  en: `must have at least ${DIFFERENT} different characters, and must not be the e-mail address`,
  ko: `서로 다른 문자가 ${DIFFERENT}개 이상이어야 하며, 이메일 주소와 같을 수 없습니다.`,
}
