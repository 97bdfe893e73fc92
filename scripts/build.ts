/** `npm run build`: `dist/` and the dashboard, made anew, so that nothing of a file that was renamed or removed stays behind. */
import { rmSync } from 'node:fs'
import path from 'node:path'
import { runTool } from './tool.ts'

const limits = { show: true, limitMs: 5 * 60_000 }

rmSync(path.join(import.meta.dirname, '../dist'), { recursive: true, force: true })
const { exitCode } = await runTool('tsc', ['--project', 'tsconfig.build.json'], limits)
const dashboard = exitCode === 0 ? await runTool('vite', ['build', 'dashboard'], limits) : { exitCode }
process.exitCode = dashboard.exitCode
