import { useMemo, useState } from 'react'
import { useFormat, useTexts } from '../../i18n/preferences.tsx'
import { defineTexts } from '../../i18n/texts.ts'
import { InertLine, visible } from '../inert.tsx'
import classes from './diff.module.css'
import { type DiffLine, diffLines } from './lines.ts'
import { type Data, memberChanges, type MemberChange } from './members.ts'

/** Lines around a change that are shown with it. */
const CONTEXT = 2
const MOST_LINES = 400
const MOST_MEMBERS = 40

/** Lines to be shown, and how many of those that stay are passed over in between. */
const folded = (lines: readonly DiffLine[]): (DiffLine | number)[] => {
  const near = new Set<number>()
  for (const [i, { kind }] of lines.entries())
    if (kind !== 'same') for (let at = i - CONTEXT; at <= i + CONTEXT; at += 1) near.add(at)
  const shown: (DiffLine | number)[] = []
  for (const [i, line] of lines.entries()) {
    const last = shown.at(-1)
    if (near.has(i)) shown.push(line)
    else if (typeof last === 'number') shown[shown.length - 1] = last + 1
    else shown.push(1)
  }
  return shown
}

const Line = ({ line }: { line: DiffLine }) => {
  const t = useTexts(texts)
  const pieces = line.pieces.map(({ text, isChanged }, i) =>
    isChanged ? <mark key={i}>{visible(text)}</mark> : <span key={i}>{visible(text)}</span>,
  )
  return (
    <div className={classes.line} data-kind={line.kind}>
      <span className={classes.sign} role="img" aria-label={t.signs[line.kind]}>
        {{ same: ' ', added: '+', removed: '−' }[line.kind]}
      </span>
      <bdi>{pieces}</bdi>
    </div>
  )
}

const Member = ({ change }: { change: MemberChange }) => {
  const t = useTexts(texts)
  const format = useFormat()
  const [most, setMost] = useState(MOST_LINES)
  const lines = useMemo(() => {
    if (change.kind === 'changed') return folded(diffLines(change.before, change.after))
    const text = change.kind === 'added' ? change.after : change.before
    return diffLines(text, text).map((line): DiffLine => ({ ...line, kind: change.kind as 'added' }))
  }, [change])
  return (
    <div className={classes.member}>
      <p className={classes.name}>
        <InertLine text={change.name} most={120} /> <span>{t.kinds[change.kind]}</span>
      </p>
      <div
        className={classes.lines}
        role="group"
        aria-label={`${visible(change.name.slice(0, 120))}: ${t.kinds[change.kind]}`}
        tabIndex={0}
      >
        {lines.slice(0, most).map((line, i) =>
          typeof line === 'number' ? (
            <div key={i} className={classes.folded}>
              {t.folded(format.number(line))}
            </div>
          ) : (
            <Line key={i} line={line} />
          ),
        )}
      </div>
      {lines.length > most && (
        <button type="button" className={classes.more} onClick={() => setMost(most * 4)}>
          {t.more(format.number(lines.length - most))}
        </button>
      )}
    </div>
  )
}

/** What has become of an object, member by member; of texts line by line, and word by word. */
export const DiffView = ({ before, after }: { before: Data; after: Data }) => {
  const t = useTexts(texts)
  const format = useFormat()
  const changes = useMemo(() => memberChanges(before, after), [before, after])
  if (changes.length === 0) return <p className={classes.none}>{t.none}</p>
  return (
    <div className={classes.diff}>
      {changes.slice(0, MOST_MEMBERS).map((change) => (
        <Member key={change.name} change={change} />
      ))}
      {changes.length > MOST_MEMBERS && (
        <p className={classes.none}>{t.moreMembers(format.number(changes.length - MOST_MEMBERS))}</p>
      )}
    </div>
  )
}

const texts = defineTexts(
  {
    none: 'Nothing differs.',
    kinds: { added: 'added', removed: 'removed', changed: 'changed' },
    signs: { same: 'unchanged', added: 'added', removed: 'removed' },
    folded: (count: string) => `${count} unchanged lines`,
    more: (count: string) => `Show ${count} more lines`,
    moreMembers: (count: string) => `${count} more fields differ.`,
  },
  {
    none: '차이가 없습니다.',
    kinds: { added: '추가됨', removed: '삭제됨', changed: '변경됨' },
    signs: { same: '그대로', added: '추가', removed: '삭제' },
    folded: (count) => `변경 없는 ${count}줄`,
    more: (count) => `${count}줄 더 보기`,
    moreMembers: (count) => `그 밖에 필드 ${count}개가 다릅니다.`,
  },
)
