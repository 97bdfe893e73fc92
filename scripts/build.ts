/** `npm run build`: `dist/`, made anew, so that nothing of a file that was renamed or removed stays behind. */
import { rmSync } from 'node:fs'
import path from 'node:path'
import { runTool } from './tool.ts'

rmSync(path.join(import.meta.dirname, '../dist'), { recursive: true, force: true })
const { exitCode } = await runTool('tsc', ['--project', 'tsconfig.build.json'], {
  show: true,
  limitMs: 5 * 60_000,
})
process.exitCode = exitCode
