import { sql } from 'kysely'

const TITLE_LENGTH = 80

/** What tells people which one it is: the beginning of the subject, or of the text, in the column `content`. */
export const TITLE = sql`
  left(coalesce(content ->> 'subject', content ->> 'message', content ->> 'text', ''), ${sql.lit(TITLE_LENGTH)})`
