/** Endpoints that subscribe to events, and what is delivered to them. */
export const webhooks = (_schema: string) => ({
  async up(): Promise<void> {},
})
