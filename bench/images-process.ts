import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { availableParallelism } from 'node:os'
import sharp from 'sharp'
import { endWithParent, serve } from './serve.ts'

export interface AloneOptions {
  count: number
  sizes: readonly number[]
  quality: number
}

// Pictures, and what sharp by itself makes of them: `node bench/images-process.ts`.
endWithParent()
const PICTURES = 8
const [WIDTH, HEIGHT] = [2400, 1800]

/** Clouds with some grain: about as hard to compress as a photograph, at 1 MB. */
const makePicture = async (): Promise<Buffer> => {
  const noise = { type: 'gaussian', mean: 128, sigma: 60 } as const
  const create = { width: 300, height: 225, channels: 3, background: 'gray', noise } as const
  const clouds = await sharp({ create }).png().toBuffer()
  return sharp(clouds).resize(WIDTH, HEIGHT).jpeg({ quality: 90 }).toBuffer()
}
const pictures = await Promise.all(Array.from({ length: PICTURES }, makePicture))

/** Each number has a file of its own, as what was made of a file once is not made again: the number stands behind its end. */
const pictureOf = (number: number): Buffer =>
  Buffer.concat([pictures[number % PICTURES] ?? Buffer.alloc(0), Buffer.from(`${number}`.padStart(12, '0'))])

const server = createServer((request, response) => {
  response.writeHead(200, { 'content-type': 'image/jpeg' }).end(pictureOf(Number(request.url?.slice(1))))
})
await new Promise<void>((resolve) => {
  server.listen(0, '127.0.0.1', resolve)
})

/** As many at a time as there are cores; returns how many images a second. */
const alone = async ({ count, sizes, quality }: AloneOptions): Promise<number> => {
  const begunMs = performance.now()
  let next = 0
  const work = async () => {
    while (next < count) {
      const bytes = pictureOf((next += 1))
      for (const size of sizes) await sharp(bytes).autoOrient().resize(size).jpeg({ quality }).toBuffer()
    }
  }
  await Promise.all(Array.from({ length: availableParallelism() }, work))
  return count / ((performance.now() - begunMs) / 1000)
}

serve(
  { alone: (o) => alone(o as AloneOptions), stop: () => process.exit(0) },
  `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
)
