import express from 'express'
import { createYeyak, YeyakError } from 'yeyak'
import config, { pool } from './yeyak.config.js'

const yeyak = createYeyak(config)
// Delivers in this process; leave it out where `npx yeyak worker` runs beside it.
await yeyak.startWorker()

const app = express()
app.use(express.json())

app.post('/schedule-notification', async (request, response) => {
  const { message } = request.body ?? {}
  if (typeof message !== 'string' || message === '') {
    response.status(400).json({ error: 'message가 필요합니다.' })
    return
  }
  await yeyak.notifications.schedule({ message, sendAt: { delay: 10 } })
  response.type('text/plain').send('10초 뒤 알림이 예약되었습니다.')
})

/** The order and its reminder are written together, or not at all. */
app.post('/orders', async (request, response) => {
  const client = await pool.connect()
  try {
    await client.query('begin')
    await client.query(
      'create table if not exists orders (id integer generated always as identity, title text not null)',
    )
    const { rows } = await client.query('insert into orders (title) values ($1) returning id', [
      request.body?.title,
    ])
    const reminder = await yeyak.notifications.schedule(
      { message: `Order ${rows[0].id} waits`, sendAt: request.body?.remindAt ?? { delay: '1h' } },
      { tx: client },
    )
    await client.query('commit')
    response.status(201).json({ id: rows[0].id, reminder })
  } catch (error) {
    await client.query('rollback')
    throw error
  } finally {
    client.release()
  }
})

app.use((error, _request, response, next) => {
  if (error instanceof YeyakError)
    response.status(error.status).json({ code: error.code, detail: error.message, errors: error.errors })
  else next(error)
})

const server = app.listen(process.env.PORT ?? 3000)
process.once('SIGTERM', async () => {
  server.close()
  await yeyak.stop()
  await pool.end()
})
