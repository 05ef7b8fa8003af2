import { once } from 'node:events'
import { request as ask, type IncomingMessage, type ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect } from 'vitest'
import { startFrontDoor, startUpstream } from '../../support/front-door'
import { testRounds } from '../../support/long'

const block = Buffer.alloc(1024 * 1024, 1)

const blocks = (count: number) =>
  Readable.from(
    (function* () {
      for (let n = 0; n < count; n += 1) yield block
    })(),
  )

async function bytesOf(stream: IncomingMessage): Promise<number> {
  let bytes = 0
  stream.on('data', (piece: Buffer) => (bytes += piece.length))
  await once(stream, 'end')
  return bytes
}

/** In MiB. */
const most = 72

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void // V8's own, which takes and gives nothing here

/** What buffers hold now, in MiB: where that seems too much, without what nobody holds and is only not collected yet. */
function heldNow(): number {
  const bytes = () => process.memoryUsage().arrayBuffers / 1024 / 1024
  if (bytes() > most) collect()
  return bytes()
}

/** What buffers hold at most while something goes on, in MiB. */
async function heldDuring(work: () => Promise<void>): Promise<number> {
  let held = 0
  const look = setInterval(() => (held = Math.max(held, heldNow())), 50)
  try {
    await work()
  } finally {
    clearInterval(look)
  }
  return held
}

/** Client, gateway and service hold what is on its way, all three in this process, however long the body is. */
testRounds('a body of many MiB is held nowhere, down or up', { few: 96, all: 512 }, async (count) => {
  const answer = (request: IncomingMessage, response: ServerResponse) => {
    if (request.method === 'GET') {
      response.setHeader('content-length', count * block.length)
      blocks(count).pipe(response)
    } else void bytesOf(request).then((bytes) => response.end(String(bytes)))
  }
  await using upstream = await startUpstream(answer)
  await using door = await startFrontDoor({ url: upstream.url })
  const down = await heldDuring(async () => {
    const request = ask(door.url).end()
    const [response] = (await once(request, 'response')) as [IncomingMessage]
    expect(await bytesOf(response)).toBe(count * block.length)
  })
  const up = await heldDuring(async () => {
    const request = ask(door.url, { method: 'POST' })
    blocks(count).pipe(request)
    const [response] = (await once(request, 'response')) as [IncomingMessage]
    expect(Number((await (response.toArray() as Promise<Buffer[]>)).join(''))).toBe(count * block.length)
  })
  expect(Math.max(down, up)).toBeLessThan(most)
})
