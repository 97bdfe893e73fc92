import MailComposer, { type MailComposerOptions } from 'nodemailer/lib/mail-composer'
import { encodeWord } from 'nodemailer/lib/mime-funcs'
import type { Message } from '../channel.ts'
import { type Mailbox, parseAddress } from './addresses.ts'
import type { Attachment } from './attachments.ts'
import { textsOf } from './check.ts'

export interface Mail {
  /** The notification's. */
  id: string
  /** For the server: who sends it, and everybody who gets it, once each. */
  envelope: { from: string; to: string[] }
  options: MailComposerOptions
}

/** Of what `check` has let through. Everything in it follows from the message: each attempt sends the same mail. */
export const toMail = ({ id, dueAt, to, content }: Message, from: Mailbox): Mail => {
  const [toList, cc, bcc] = [to, content['cc'], content['bcc']].map(mailboxesOf)
  const [replyTo] = mailboxesOf(content['replyTo'])
  const [text] = textsOf(content['text'] ?? content['message'])
  const [html] = textsOf(content['html'])
  const attachments = (content['attachments'] ?? []) as readonly Attachment[]
  const recipients = [...(toList ?? []), ...(cc ?? []), ...(bcc ?? [])]
  return {
    id,
    envelope: { from: from.address, to: [...new Set(recipients.map(({ address }) => address))] },
    options: {
      from,
      to: toList,
      cc,
      bcc,
      replyTo,
      subject: encodeSubject(textsOf(content['subject']).join('')),
      // The same on every attempt, so that receivers can drop a repeat.
      messageId: `<${id}@${domainOf(from.address)}>`,
      date: dueAt,
      text,
      html,
      attachments: attachments.map(({ filename, contentType, content: base64 }) => ({
        filename,
        contentType,
        content: Buffer.from(base64, 'base64'),
      })),
      // Nothing here names a file or an address to fetch; were it to one day, it is refused.
      disableFileAccess: true,
      disableUrlAccess: true,
    },
  }
}

/** What a line of a header takes as it is: nothing that looks encoded, and blanks to fold at. */
const PLAIN_SUBJECT = /^(?!.*=\?)[ -~]*$/
const LONG_WORD = /[^ ]{200}/
/** Of one encoded word, which may have 75. */
const WORD_LENGTH = 60

/** nodemailer leaves alone what looks encoded, and words that are longer than a line may be. */
const encodeSubject = (subject: string): string =>
  PLAIN_SUBJECT.test(subject) && !LONG_WORD.test(subject) ? subject : encodeWord(subject, 'B', WORD_LENGTH)

/** The whole mail as bytes. `keepBcc`: with the recipients that nobody may see, for a copy of the sender's own. */
export const compose = (mail: Mail, { keepBcc }: { keepBcc: boolean }): Promise<Buffer> => {
  const root = new MailComposer(mail.options).compile()
  root.keepBcc = keepBcc
  return root.build()
}

const mailboxesOf = (value: unknown): Mailbox[] => textsOf(value).map(mailboxOf)

/** @throws Error where the text is no address */
export const mailboxOf = (text: string): Mailbox => {
  const parsed = parseAddress(text)
  if ('wrong' in parsed) throw new Error(`an e-mail address ${parsed.wrong.en}`)
  return parsed.mailbox
}

const domainOf = (address: string): string => address.slice(address.lastIndexOf('@') + 1)
