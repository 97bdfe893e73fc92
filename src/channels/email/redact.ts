import { oneLine } from '../../platform/log.ts'

const MOST_CHARACTERS = 500
const ADDRESS = /[^\s<>"'(),:;[\]]{1,64}@[^\s<>"'(),:;[\]]{1,255}/gu

export type Redact = (text: string) => string

/** What a server says, as it may be stored with a reason: on one line, short, without recipients and without the login. */
export const createRedact = (login: { user: string; password: string } | null): Redact => {
  const secrets = login === null ? [] : secretsOf(login)
  return (text) => {
    const hidden = secrets.reduce(
      (rest, secret) => rest.replaceAll(secret, '…'),
      text.slice(0, MOST_CHARACTERS * 8),
    )
    return oneLine(hidden.replace(ADDRESS, '…').replace(/\s+/gu, ' ').trim()).slice(0, MOST_CHARACTERS)
  }
}

/** In every form in which they go over the wire. Shorter ones would blot out half of every answer. */
const secretsOf = ({ user, password }: { user: string; password: string }): string[] => {
  const base64 = (text: string) => Buffer.from(text).toString('base64')
  const forms = [password, base64(password), base64(`\0${user}\0${password}`), user, base64(user)]
  return forms.filter((form) => form.length >= 4)
}
