export type Piece = { kind: 'statements'; text: string } | { kind: 'meta'; line: string }

/** A text of statements, cut where a line begins with a backslash outside of them. */
export const piecesOf = (script: string): Piece[] => {
  const pieces: Piece[] = []
  let lines: string[] = []
  const flush = () => {
    const text = lines.join('\n')
    if (text.trim() !== '') pieces.push({ kind: 'statements', text })
    lines = []
  }
  for (const line of script.split(/\r?\n/u)) {
    if (line.startsWith('\\') && isComplete(lines.join('\n'))) {
      flush()
      pieces.push({ kind: 'meta', line })
    } else lines.push(line)
  }
  flush()
  return pieces
}

/** Quoted texts, dollar-quoted ones, quoted names and comments: in them a semicolon ends nothing. */
const QUOTED = /'(?:[^']|'')*'|"(?:[^"]|"")*"|(\$(?:[A-Za-z_]\w*)?\$)[\s\S]*?\1|--[^\n]*|\/\*[\s\S]*?\*\//gu
const OPENED = /'|"|\$(?:[A-Za-z_]\w*)?\$|\/\*/u

/** Whether what was typed so far is nothing, or ends with a semicolon that ends a statement. */
export const isComplete = (text: string): boolean => {
  const bare = text.replace(QUOTED, (found) => (/^(?:--|\/\*)/u.test(found) ? ' ' : 'x')).trim()
  return bare === '' || (bare.endsWith(';') && !OPENED.test(bare))
}
