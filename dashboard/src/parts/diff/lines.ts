/** Part of a line: the same on both sides, or not. */
export interface Piece {
  text: string
  isChanged: boolean
}

export interface DiffLine {
  kind: 'same' | 'added' | 'removed'
  pieces: readonly Piece[]
}

/** Of the table that finds the longest common part: some 8 MB. Beyond it, what differs is shown as a whole. */
const MOST_CELLS = 4_000_000
const MOST_WORDS = 400
/** Of a line that is told word by word. */
const LONGEST_LINE = 4_000
/** Of a line that is shown. */
const SHOWN = 600
const AROUND = 60
/** Lines with less in common are two lines, not one that was changed. */
const LEAST_COMMON = 0.3

type Step = readonly ['same' | 'added' | 'removed', string]

const common = <T>(a: readonly T[], b: readonly T[]): { head: number; tail: number } => {
  const most = Math.min(a.length, b.length)
  let head = 0
  while (head < most && a[head] === b[head]) head += 1
  let tail = 0
  while (tail < most - head && a.at(-1 - tail) === b.at(-1 - tail)) tail += 1
  return { head, tail }
}

/** What has become of `before`, by the longest common subsequence. */
const stepsOf = (before: readonly string[], after: readonly string[], mostCells: number): Step[] => {
  const { head, tail } = common(before, after)
  const a = before.slice(head, before.length - tail)
  const b = after.slice(head, after.length - tail)
  const all = (kind: Step[0], texts: readonly string[]): Step[] => texts.map((text) => [kind, text])
  const edges = (middle: Step[]): Step[] => [
    ...all('same', before.slice(0, head)),
    ...middle,
    ...all('same', before.slice(before.length - tail)),
  ]
  const width = b.length + 1
  if ((a.length + 1) * width > mostCells) return edges([...all('removed', a), ...all('added', b)])
  const length = new Uint16Array((a.length + 1) * width)
  const at = (i: number, j: number): number => length[i * width + j] ?? 0
  for (let i = a.length - 1; i >= 0; i -= 1)
    for (let j = b.length - 1; j >= 0; j -= 1)
      length[i * width + j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1))
  const middle: Step[] = []
  let i = 0
  let j = 0
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      middle.push(['same', a[i] ?? ''])
      i += 1
      j += 1
    } else if (i < a.length && (j >= b.length || at(i + 1, j) >= at(i, j + 1))) {
      middle.push(['removed', a[i] ?? ''])
      i += 1
    } else {
      middle.push(['added', b[j] ?? ''])
      j += 1
    }
  }
  return edges(middle)
}

const joined = (pieces: readonly Piece[]): Piece[] => {
  const all: Piece[] = []
  for (const piece of pieces) {
    const last = all.at(-1)
    if (last?.isChanged === piece.isChanged) last.text += piece.text
    else all.push({ ...piece })
  }
  return all
}

/** A long line around the place where it differs. */
const window = (text: string, head: number, tail: number): Piece[] => {
  const from = Math.max(0, head - AROUND)
  const end = text.length - tail
  const changed = text.slice(head, end)
  return [
    { text: `${from > 0 ? '…' : ''}${text.slice(from, head)}`, isChanged: false },
    { text: changed.length > SHOWN ? `${changed.slice(0, SHOWN)}…` : changed, isChanged: true },
    {
      text: `${text.slice(end, end + AROUND)}${tail > AROUND ? '…' : ''}`,
      isChanged: false,
    },
  ].filter((piece) => piece.text !== '')
}

const words = (line: string): string[] => line.match(/[\p{L}\p{N}_]+|\s+|[^]/gu) ?? []

/** A line and what it has become, word by word; null where they have little in common. */
const pairOf = (before: string, after: string): [Piece[], Piece[]] | null => {
  if (before.length > LONGEST_LINE || after.length > LONGEST_LINE) {
    const { head, tail } = common(before.split(''), after.split(''))
    return [window(before, head, tail), window(after, head, tail)]
  }
  const [a, b] = [words(before), words(after)]
  if (a.length > MOST_WORDS || b.length > MOST_WORDS) return null
  const steps = stepsOf(a, b, MOST_CELLS)
  const kept = steps.reduce((sum, [kind, text]) => sum + (kind === 'same' ? text.trim().length : 0), 0)
  if (kept < LEAST_COMMON * Math.max(1, before.trim().length, after.trim().length)) return null
  const side = (own: 'removed' | 'added'): Piece[] =>
    joined(
      steps.flatMap(([kind, text]) =>
        kind === own || kind === 'same' ? [{ text, isChanged: kind === own }] : [],
      ),
    )
  return [side('removed'), side('added')]
}

const whole = (text: string): Piece[] => [
  { text: text.length > SHOWN * 2 ? `${text.slice(0, SHOWN * 2)}…` : text, isChanged: false },
]

/** Two texts, line by line, and those lines that were changed word by word. Takes bounded time, whatever they are. */
export const diffLines = (before: string, after: string): DiffLine[] => {
  const steps = stepsOf(before.split('\n'), after.split('\n'), MOST_CELLS)
  const lines: DiffLine[] = []
  for (let i = 0; i < steps.length;) {
    if (steps[i]?.[0] === 'same') {
      lines.push({ kind: 'same', pieces: whole(steps[i]?.[1] ?? '') })
      i += 1
      continue
    }
    const run: Step[] = []
    for (let step = steps[i]; step !== undefined && step[0] !== 'same'; step = steps[i]) {
      run.push(step)
      i += 1
    }
    const removed = run.filter(([kind]) => kind === 'removed').map(([, text]) => text)
    const added = run.filter(([kind]) => kind === 'added').map(([, text]) => text)
    const pairs = removed.map((text, at) => (at < added.length ? pairOf(text, added[at] ?? '') : null))
    for (const [at, text] of removed.entries())
      lines.push({ kind: 'removed', pieces: pairs[at]?.[0] ?? whole(text) })
    for (const [at, text] of added.entries())
      lines.push({ kind: 'added', pieces: pairs[at]?.[1] ?? whole(text) })
  }
  return lines
}
