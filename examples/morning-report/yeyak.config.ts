import { defineConfig, defineTask } from 'yeyak'

/** Where the report is posted: a chat, say. It prints it where there is none. */
const target = process.env['REPORT_URL']

const morningReport = defineTask({
  schema: {
    type: 'object',
    properties: { title: { type: 'string', minLength: 1 } },
    additionalProperties: false,
  },
  retry: { limit: 5, delaySeconds: 60 },
  timeoutSeconds: 60,
  // One at a time, however many workers there are.
  concurrency: 1,
  async handler({ id, data, signal, progress }) {
    const { title = 'Good morning' } = data
    const report = `${title}: ${process.uptime().toFixed(0)} s up, ${Math.round(process.memoryUsage.rss() / 1e6)} MB`
    progress(50)
    if (target === undefined) {
      console.log(report)
      return { report }
    }
    const answer = await fetch(target, {
      method: 'POST',
      // The id of the run stays the same when it is tried again: whoever takes it can drop a repeat.
      headers: { 'content-type': 'application/json', 'idempotency-key': id },
      body: JSON.stringify({ text: report }),
      signal,
    })
    if (!answer.ok) throw new Error(`the chat answered ${answer.status}`)
    return { report, status: answer.status }
  },
})

export default defineConfig({ tasks: { 'morning-report': morningReport } })
