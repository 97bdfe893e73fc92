import { makeSecret, secretKey } from '../channels/index.ts'
import { type Encryption, ENCRYPTION_SETTING } from '../platform/encryption.ts'
import { YeyakError } from '../platform/errors.ts'

/** Where the secrets of an endpoint belong, its old one too: sealed for another they cannot be opened. */
export const sealContext = (id: string): string => `webhooks:${id}:secret`

export interface Secrets {
  /** The given secret, or a new one, with what is stored of it. */
  issue(id: string, given: string | undefined): { secret: string; sealed: string }
}

/**
 * @throws YeyakError, when one is asked for: `encryption-not-configured` without a key, `invalid-request` where the given
 * one is no secret
 */
export const createSecrets = (encryption: Encryption | null): Secrets => ({
  issue(id, given) {
    if (encryption === null)
      throw new YeyakError('encryption-not-configured', { members: { setting: ENCRYPTION_SETTING } })
    if (given !== undefined && secretKey(given) === null)
      throw new YeyakError('invalid-request', {
        errors: [
          {
            path: 'secret',
            message: {
              en: 'must be whsec_ and the base64 of 24 to 64 random bytes; left out, one is made',
              ko: 'whsec_ 뒤에 24~64바이트 난수의 base64를 붙인 값이어야 합니다. 생략하면 새로 만듭니다.',
            },
          },
        ],
      })
    const secret = given ?? makeSecret()
    return { secret, sealed: encryption.seal(secret, sealContext(id)) }
  },
})
