/** What the operations API reads instead of history: rollups by minute, totals, who is alive. */
export const operations = (_schema: string) => ({
  async up(): Promise<void> {},
})
