/** Time inputs: the only place where local times and delays become instants. */
export { describeWhen, resolveWhen, type When, WhenDocument, WhenSchema } from './when.ts'
