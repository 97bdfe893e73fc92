import type { Site } from './dashboard-site.ts'

const BODY = `The river is low, and the first trains are on time.

At the market by the bridge the lamps go out one by one.

More follows at nine.`

const LATER = BODY.replace('low', 'high after the rain').replace('at nine', 'at ten, with pictures')

const STORIES = [
  'Ten places for the first snow',
  '겨울 여행 안내',
  'How a schedule survives the night',
  '새해 인사',
  'Opening hours in December',
  'What we learned from a million reminders',
]

/** Stories in every state, one of them with a past and a future, and a release: made through the API. */
export const plantContent = async ({ client }: Site): Promise<{ releaseId: string }> => {
  const call = async (method: string, path: string, body?: unknown) => {
    const reply = await client.call(method, path, body, { 'if-match': '*' })
    if (reply.status >= 300) throw new Error(`the demo was refused: ${reply.text}`)
    return reply
  }
  const story = '/v1/content/story'
  for (const [i, title] of STORIES.entries()) {
    await call('POST', story, { id: `winter-${i}`, data: { title, body: BODY } })
    if (i % 3 === 0) await call('POST', `${story}/winter-${i}/publish`)
    if (i % 3 === 1)
      await call('PUT', `${story}/winter-${i}/schedule`, {
        publishAt: { delay: `${i + 4}h` },
        unpublishAt: { delay: '30d' },
      })
  }
  await call('POST', story, { id: 'cl_123', data: { title: 'Morning in Seoul', body: BODY } })
  await call('POST', `${story}/cl_123/publish`)
  await call('PATCH', `${story}/cl_123`, { data: { title: 'Morning in Seoul, after the rain', body: LATER } })
  await call('PUT', `${story}/cl_123/schedule`, {
    publishAt: { delay: '26h' },
    unpublishAt: { delay: '14d' },
    maxLateSeconds: 7_200,
  })
  const items = [2, 4, 5].map((i) => ({ type: 'story', id: `winter-${i}` }))
  const { text } = await call('POST', '/v1/releases', { title: 'Winter opening', items })
  const { id } = JSON.parse(text) as { id: string }
  await call('PUT', `/v1/releases/${id}/schedule`, { publishAt: { delay: '3d' } })
  return { releaseId: id }
}
