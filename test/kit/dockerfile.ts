/** One instruction, with its continuation lines joined and its flags taken off. */
export interface Instruction {
  /** In capitals. */
  keyword: string
  flags: Readonly<Record<string, string>>
  text: string
}

export interface Stage {
  /** What `COPY --from` calls it; the last one needs none. */
  name: string | null
  image: string
  instructions: readonly Instruction[]
}

/** The part of the Dockerfile language that ours uses. What it does not know is left for `rehearse` to refuse. */
export const parseDockerfile = (text: string): Stage[] => {
  const stages: { name: string | null; image: string; instructions: Instruction[] }[] = []
  for (const instruction of instructionsOf(text)) {
    if (instruction.keyword === 'FROM') {
      const [image = '', , name = null] = instruction.text.split(/\s+/u)
      stages.push({ name, image, instructions: [] })
    } else {
      const stage = stages.at(-1)
      if (stage === undefined) throw new Error(`${instruction.keyword} stands before the first FROM`)
      stage.instructions.push(instruction)
    }
  }
  return stages
}

/** The words of `CMD ["a", "b"]`, or null where it is a line for a shell. */
export const execForm = (text: string): string[] | null => {
  if (!text.startsWith('[')) return null
  const words: unknown = JSON.parse(text)
  if (!Array.isArray(words) || !words.every((word) => typeof word === 'string'))
    throw new Error(`no list of words: ${text}`)
  return words
}

/** `NAME=value` pairs, as ENV and LABEL have them. */
export const pairsOf = (text: string): [name: string, value: string][] =>
  [...text.matchAll(/([\w.-]+)=(?:"((?:[^"\\]|\\.)*)"|(\S+))/gu)].map(([, name = '', quoted, bare = '']) => [
    name,
    quoted ?? bare,
  ])

const instructionsOf = (text: string): Instruction[] =>
  text
    .split('\n')
    // Comments may stand between continuation lines.
    .filter((line) => !/^\s*(#|$)/u.test(line))
    .join('\n')
    .replaceAll(/\\\n\s*/gu, ' ')
    .split('\n')
    .map((line) => {
      const [, keyword = '', flags = '', rest = ''] =
        /^\s*([A-Za-z]+)\s+((?:--[\w-]+(?:=\S+)?\s+)*)(.*)$/u.exec(line) ?? []
      return { keyword: keyword.toUpperCase(), flags: flagsOf(flags), text: rest.trim() }
    })

const flagsOf = (text: string): Record<string, string> =>
  Object.fromEntries(
    [...text.matchAll(/--([\w-]+)(?:=(\S+))?/gu)].map(([, name = '', value = '']) => [name, value]),
  )
