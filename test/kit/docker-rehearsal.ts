import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, copyFileSync, cpSync, mkdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { contextFiles } from './docker-context.ts'
import { execForm, type Instruction, pairsOf, parseDockerfile } from './dockerfile.ts'

/** What a stage has come to: a folder that stands for its root, and what its instructions have set. */
export interface Image {
  root: string
  workdir: string
  env: Readonly<Record<string, string>>
  user: string | null
  command: readonly string[]
  healthcheck: readonly string[]
}

/**
 * Builds the last stage of a Dockerfile without Docker: each stage is a folder below `directory`, COPY copies what the
 * `.dockerignore` lets through, and RUN runs on this machine, with this Node in the place of the base image's. Nothing
 * is written outside `directory`.
 */
export const rehearse = async (o: { context: string; directory: string }): Promise<Image> => {
  const files = contextFiles(o.context, readFileSync(path.join(o.context, '.dockerignore'), 'utf8'))
  const built: { name: string | null; image: Image }[] = []
  for (const stage of parseDockerfile(readFileSync(path.join(o.context, 'Dockerfile'), 'utf8'))) {
    const root = path.join(o.directory, `stage-${built.length}`)
    mkdirSync(root)
    let image: Image = { root, workdir: '/', env: {}, user: null, command: [], healthcheck: [] }
    for (const instruction of stage.instructions) {
      const { keyword, text, flags } = instruction
      if (keyword === 'COPY') {
        const from = flags['from']
        const source = built.find(({ name }) => name === from)?.image
        if (from !== undefined && source === undefined) throw new Error(`there is no stage ${from}`)
        copy(text, image, source ?? { context: o.context, files })
      } else if (keyword === 'RUN') await runStep(text, image, path.join(o.directory, 'cache'))
      else image = { ...image, ...settingOf(instruction, image) }
    }
    built.push({ name: stage.name, image })
  }
  const last = built.at(-1)
  if (last === undefined) throw new Error('the Dockerfile has no stage')
  return last.image
}

/** The environment of a process in the image: what the image sets, with its folders where they are here. */
export const imageEnvironment = ({ root, workdir, env }: Image): Record<string, string> => {
  const folders = (env['PATH'] ?? '$PATH').replace('$PATH', basePath()).split(':')
  const placed = folders.map((folder) =>
    folder.startsWith(`${workdir}/`) ? path.join(root, folder) : folder,
  )
  return { ...env, PATH: placed.join(':') }
}

/** This Node first, as the base image has it; no command of a package of ours. */
const basePath = (): string =>
  [
    path.dirname(process.execPath),
    ...(process.env['PATH'] ?? '').split(':').filter((folder) => !folder.includes('node_modules')),
  ].join(':')

const settingOf = ({ keyword, text }: Instruction, image: Image): Partial<Image> => {
  switch (keyword) {
    case 'WORKDIR':
      mkdirSync(path.join(image.root, text), { recursive: true })
      return { workdir: path.posix.resolve(image.workdir, text) }
    case 'ENV':
      return { env: { ...image.env, ...Object.fromEntries(pairsOf(text)) } }
    case 'USER':
      return { user: text }
    case 'CMD':
      return { command: execForm(text) ?? ['/bin/sh', '-c', text] }
    case 'HEALTHCHECK':
      return { healthcheck: execForm(text.replace(/^CMD\s+/u, '')) ?? ['/bin/sh', '-c', text] }
    case 'LABEL':
    case 'EXPOSE':
      return {}
    default:
      throw new Error(`the rehearsal does not know ${keyword}`)
  }
}

const copy = (
  text: string,
  image: Image,
  from: Image | { context: string; files: readonly string[] },
): void => {
  const words = text.split(/\s+/u)
  const sources = words.slice(0, -1)
  const target = words.at(-1) ?? ''
  const place = path.join(image.root, path.posix.resolve(image.workdir, target))
  for (const source of sources) {
    if ('root' in from) {
      cpSync(path.join(from.root, source), place, { recursive: true, verbatimSymlinks: true })
      continue
    }
    const bare = path.posix.normalize(source)
    const wanted = from.files.filter((file) => file === bare || file.startsWith(`${bare}/`))
    if (wanted.length === 0) throw new Error(`COPY ${source}: it is not in the context`)
    for (const file of wanted) {
      const isFolder = file !== bare
      const name = isFolder ? file.slice(bare.length + 1) : path.basename(file)
      const asFolder = isFolder || target.endsWith('/')
      const copied = asFolder ? path.join(place, name) : place
      mkdirSync(path.dirname(copied), { recursive: true })
      copyFileSync(path.join(from.context, file), copied)
      chmodSync(copied, statSync(path.join(from.context, file)).mode)
    }
  }
}

/** What lets npm reach the registry from here, and nothing else of the environment of the tests. */
const NETWORK =
  /^(HOME|TMPDIR|LANG|NODE_EXTRA_CA_CERTS|(https?|no)_proxy|npm_config_(registry|userconfig|cafile))$/iu

const runStep = async (command: string, image: Image, cache: string): Promise<void> => {
  // The cache mounts of npm's are one folder here.
  if (/(^|[\s;&|>])\//u.test(command)) throw new Error(`RUN ${command}: it would leave its folder`)
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => NETWORK.test(name)))
  const child = spawn('/bin/sh', ['-c', command], {
    cwd: path.join(image.root, image.workdir),
    env: { ...env, npm_config_update_notifier: 'false', npm_config_cache: cache, ...imageEnvironment(image) },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')))
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')))
  const [code] = await once(child, 'close')
  if (code !== 0) throw new Error(`RUN ${command}: exit code ${String(code)}\n${output}`)
}
