// Loaded before the program, by `--import`: a machine whose clock is wrong, by YEYAK_TEST_CLOCK_OFFSET_MS. Each SIGUSR2
// lets it jump by as much again, as a time service that steps the clock does. The monotonic clock is not touched.
const stepMs = Number(process.env['YEYAK_TEST_CLOCK_OFFSET_MS'])
let offsetMs = stepMs
const trueNow = Date.now.bind(Date)
const now = () => trueNow() + offsetMs

const Shifted = new Proxy(Date, {
  construct: (target, args: unknown[], newTarget) =>
    Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget) as Date,
  apply: () => new Shifted().toString(),
  get: (target, key) => (key === 'now' ? now : Reflect.get(target, key)),
})
// oxlint-disable-next-line no-extend-native -- `date.constructor` must be the same as `Date`, as it is for any other date
Date.prototype.constructor = Shifted
globalThis.Date = Shifted
const trueOrigin = performance.timeOrigin
Object.defineProperty(performance, 'timeOrigin', { get: () => trueOrigin + offsetMs })
process.on('SIGUSR2', () => {
  offsetMs += stepMs
})
