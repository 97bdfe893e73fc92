export { mergePatch } from '../platform/merge-patch.ts'
