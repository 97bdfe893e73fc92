import { type App, createApp } from '../app.ts'
import { migrateDatabase } from '../boot/index.ts'
import type { Database } from '../platform/database.ts'
import { findConfigFile } from './find-config-file.ts'
import { createOpening } from './opening.ts'
import { checkNames, readOptions } from './options.ts'
import { createRunDue } from './run-due.ts'
import type { Cancel, Config, DefaultClient, Item, Yeyak } from './surface.ts'
import { asNotMigrated } from './transaction.ts'
import { plainTimes } from './when.ts'

const STOP_SECONDS = 10
const RESOURCE = ['model', 'id', 'locale'] as const
const PUBLICATION = [...RESOURCE, 'publishAt', 'unpublishAt', 'maxLateSeconds'] as const

const itemOf = ({
  id,
  state,
  dueAt,
  deduplicated,
}: Omit<Item, 'deduplicated'> & { deduplicated: boolean }): Item => ({
  ...{ id, state, dueAt },
  ...(deduplicated && { deduplicated }),
})

/**
 * Yeyak inside an application. Nothing is opened, read or started before the first call.
 * @throws YeyakError `invalid-request` where an option is none, or is of a wrong kind
 */
export const createYeyak = <
  C = DefaultClient,
  const M extends string = never,
  const K extends string = never,
>(
  config: Config<C, M, K> = {},
): Yeyak<C, M, K> => {
  const options = readOptions(config)
  const opening = createOpening(options)
  const { open, by, run, transaction } = opening
  let app: App | null = null
  let stopping: Promise<void> | null = null

  /** In the caller's transaction where he gives one; one statement of ours needs none. */
  const inOne = <Result>(
    given: Parameters<typeof run>[0],
    work: (db: Database) => Promise<Result>,
  ): Promise<Result> =>
    run(
      given,
      ({ db }) => work(db),
      (alone) => alone({ db: open().core.db, tx: null }),
    )

  const notifications: Yeyak<C, M, K>['notifications'] = {
    async schedule(notification, given = {}): Promise<Item> {
      const { core } = open()
      const who = await by(core)
      const prepared = core.notifications.prepare(who, plainTimes(notification), await core.clock.now())
      return itemOf(await inOne(given, (db) => core.notifications.schedule(db, prepared)))
    },
    async cancel(id, given = {}): Promise<Cancel> {
      const { core } = open()
      const who = await by(core)
      return inOne(given, (db) => core.notifications.cancel(db, who, id))
    },
  }

  const tasks: Yeyak<C, M, K>['tasks'] = {
    async schedule({ name, ...wanted }, given = {}): Promise<Item> {
      const { core } = open()
      const who = await by(core)
      const prepared = core.tasks.prepare(who, name, plainTimes(wanted), await core.clock.now())
      return itemOf(await inOne(given, (db) => core.tasks.schedule(db, prepared)))
    },
    async cancel(id, given = {}): Promise<Cancel> {
      const { core } = open()
      const who = await by(core)
      return inOne(given, (db) => core.tasks.cancel(db, who, id))
    },
  }

  const publishing: Yeyak<C, M, K>['publishing'] = {
    async schedule(publication, given = {}): Promise<Item[]> {
      checkNames(publication, PUBLICATION)
      const { core } = open()
      const who = await by(core)
      const wanted = { ...publication, ...plainTimes(publication) }
      const work = await core.external.prepareSchedule(who, wanted, await core.clock.now())
      return run(given, work, transaction)
    },
    async cancel(resource, given = {}): Promise<Cancel> {
      checkNames(resource, RESOURCE)
      const { core } = open()
      return run(given, await core.external.prepareCancel(await by(core), resource), transaction)
    },
    async publish(resource, given = {}): Promise<Item> {
      checkNames(resource, RESOURCE)
      const { core } = open()
      const who = await by(core)
      const work = await core.external.prepareAct(who, resource, 'publish', await core.clock.now())
      return run(given, work, transaction)
    },
  }

  const startWorker = async (given: { concurrency?: number; migrate?: boolean }): Promise<void> => {
    checkNames(given, ['concurrency', 'migrate'], 'options.')
    const { settings } = open()
    if (app !== null) return
    const { concurrency = settings.delivery.concurrency } = given
    const { log, models, project, content, schedules, tasks: declared } = options
    const file = declared.some(({ thread }) => thread === true) ? findConfigFile(process.cwd()) : null
    app = createApp({
      config: { ...settings, delivery: { ...settings.delivery, concurrency } },
      roles: { api: false, worker: true },
      ...{ log, migrate: given.migrate ?? true, contentTypes: content },
      external: { models, project, transaction },
      ...(schedules !== null && { schedules }),
      tasks: { declared, file },
    })
    try {
      await app.start()
    } catch (error) {
      app = null
      throw asNotMigrated(error)
    }
  }

  const stop = (timeoutSeconds = STOP_SECONDS): Promise<void> => {
    opening.close()
    stopping ??= (async () => {
      await app?.stop(timeoutSeconds)
      await opening.end()
    })()
    return stopping
  }

  return {
    notifications,
    tasks,
    publishing,
    async migrate() {
      await migrateDatabase({ config: open().settings, log: options.log })
    },
    startWorker: (given = {}) => startWorker(given),
    async runDue(given) {
      checkNames(given, ['until'], 'options.')
      const { core } = open()
      await startWorker({})
      await createRunDue(core).run(given.until)
    },
    stop: ({ timeoutSeconds } = {}) => stop(timeoutSeconds),
    [Symbol.asyncDispose]: () => stop(),
  }
}
