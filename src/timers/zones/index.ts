/** Pending wall-clock times, resolved again when the rules of their zones change. */
export { createZonePass, type PassOptions, type PassResult, type ZonePass } from './pass.ts'
export {
  LOOK_BACK_HOURS,
  type Move,
  type Moved,
  type Moves,
  type Rederiver,
  ZONE_RULES,
} from './rederiver.ts'
export { readLastPass } from './repository.ts'
