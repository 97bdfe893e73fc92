import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { Outcome } from '../channel.ts'
import { compose } from './message.ts'
import type { Transport } from './transport.ts'

/** Writes each mail into a file instead of sending it: to try things out with nothing configured. */
export const createCaptureTransport = (directory: string): Transport => ({
  async send(mail, signal) {
    const raw = await compose(mail, { keepBcc: true })
    const file = path.join(directory, `${mail.id}.eml`)
    const part = `${file}.${process.pid}.part`
    try {
      // They may bear passwords and the like: for nobody else on this machine.
      await mkdir(directory, { recursive: true, mode: 0o700 })
      await writeFile(part, raw, { signal, mode: 0o600 })
      // Who watches the folder sees whole mails only.
      await rename(part, file)
    } catch (error) {
      await rm(part, { force: true }).catch(() => {})
      return notWritten(error)
    }
    return { kind: 'delivered', providerId: String(mail.options.messageId) }
  },
  async close() {},
})

const notWritten = (error: unknown): Outcome => {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
  return {
    kind: 'retry',
    reason: { code: 'capture-failed', message: `the mail could not be written into its file (${code})` },
  }
}
