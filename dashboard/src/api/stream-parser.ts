export interface StreamEvent {
  id: string
  type: string
  at: string
  subject: { kind: string; id: string }
  data: Record<string, unknown>
}

export type StreamItem = { event: 'reset' } | { event: 'told'; told: StreamEvent }

/** Takes server-sent events in whatever pieces they come. `lastId` is where a new connection goes on. */
export const createStreamParser = () => {
  let rest = ''
  let lastId: string | null = null

  const take = (block: string): StreamItem | null => {
    let name = ''
    let data = ''
    for (const line of block.split('\n')) {
      if (line.startsWith('id:')) lastId = line.slice(3).trim()
      else if (line.startsWith('event:')) name = line.slice(6).trim()
      else if (line.startsWith('data:')) data += line.slice(5)
    }
    if (name === 'reset') return { event: 'reset' }
    if (data === '') return null
    return { event: 'told', told: JSON.parse(data) as StreamEvent }
  }

  return {
    get lastId(): string | null {
      return lastId
    },
    push(text: string): StreamItem[] {
      rest += text
      const blocks = rest.split('\n\n')
      rest = blocks.pop() ?? ''
      return blocks.map(take).filter((item) => item !== null)
    },
    /** Of a connection that was cut off, half an event may be left over. */
    cut(): void {
      rest = ''
    },
    forget(): void {
      rest = ''
      lastId = null
    },
  }
}
