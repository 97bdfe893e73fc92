export { adoptRestoredEvents } from './restored.ts'
export { createUpkeep, makeMonths } from './upkeep.ts'
