export { createUpkeep, makeMonths } from './upkeep.ts'
