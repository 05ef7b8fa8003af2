import { once } from 'node:events'
import { request as ask, type IncomingMessage } from 'node:http'
import net from 'node:net'
import { Readable } from 'node:stream'
import { WebSocket } from 'ws'
import { until } from '../support/until'
import { median } from './measure'
import { usageOf } from './process-usage'

/** Bytes that go down and up: 1 GiB, unless REGIE_BENCH_GATEWAY_MIB says otherwise. */
export const largeBytes = Number(process.env['REGIE_BENCH_GATEWAY_MIB'] ?? 1024) * 2 ** 20

/** A door that the same is asked of: its address, the process behind it, and what lets one in. */
export interface Way {
  name: 'nginx' | 'node' | 'gateway'
  url: string
  pid: number
  headers: Record<string, string>
}

/** One connection on which requests follow each other, at the cost of as little as can be. */
class Kept {
  readonly #socket: net.Socket
  readonly #text: string
  #length = 0
  #got = 0
  #done: () => void = () => undefined

  constructor({ url, headers }: Way, target: string) {
    const { hostname, port, host } = new URL(url)
    this.#socket = net.connect(Number(port), hostname).setNoDelay(true)
    const lines = Object.entries({ Host: host, ...headers }).map(([name, value]) => `${name}: ${value}\r\n`)
    this.#text = `GET ${target} HTTP/1.1\r\n${lines.join('')}\r\n`
    this.#socket.on('data', (piece: Buffer) => {
      if (this.#length === 0) this.#measure(piece)
      this.#got += piece.length
      if (this.#got < this.#length) return
      this.#got = 0
      this.#done()
    })
  }

  /** The first answer tells how long all of them are. */
  #measure(piece: Buffer): void {
    const text = piece.toString('latin1')
    const head = text.indexOf('\r\n\r\n')
    if (!text.startsWith('HTTP/1.1 200 ')) throw new Error(`answered ${text.slice(0, 200)}`)
    this.#length = head + 4 + Number(/content-length: (\d+)/i.exec(text)?.[1])
  }

  once(): Promise<void> {
    return new Promise((resolve) => {
      this.#done = resolve
      this.#socket.write(this.#text)
    })
  }

  close(): void {
    this.#socket.destroy()
  }
}

const cpuOf = async ({ pid }: Way): Promise<number> => (await usageOf(pid)).cpuMs

/** How many requests a second many connections get at once, and what one costs of a core, in ms. */
async function throughput(way: Way, seconds: number) {
  const all = Array.from({ length: 16 }, () => new Kept(way, '/userdata/small.json'))
  await Promise.all(all.map((one) => one.once()))
  const begun = performance.now()
  const before = await cpuOf(way)
  let count = 0
  await Promise.all(
    all.map(async (one) => {
      while (performance.now() < begun + seconds * 1000) {
        await one.once()
        count += 1
      }
    }),
  )
  const took = performance.now() - begun
  const used = (await cpuOf(way)) - before
  for (const one of all) one.close()
  return { perSecond: (count * 1000) / took, cpuMs: used / count }
}

/** All ways by turns, so that all meet the same machine. */
export async function rates(nginx: Way, node: Way, gateway: Way) {
  const rounds: Record<Way['name'], Awaited<ReturnType<typeof throughput>>>[] = []
  for (let n = 0; n < 4; n += 1)
    rounds.push({
      nginx: await throughput(nginx, 1.5),
      gateway: await throughput(gateway, 1.5),
      node: await throughput(node, 1.5),
    })
  const middle = (of: (round: (typeof rounds)[number]) => number) => median(rounds.map(of))
  return {
    times: middle((round) => round.nginx.perSecond / round.gateway.perSecond),
    least: middle((round) => round.nginx.perSecond / round.node.perSecond),
    nginx: middle((round) => round.nginx.perSecond),
    gateway: middle((round) => round.gateway.perSecond),
    cpuMs: middle((round) => round.gateway.cpuMs),
    leastCpuMs: middle((round) => round.node.cpuMs),
  }
}

/** What a request takes on one kept connection, in ms: all ways by turns, so that all meet the same machine. */
export async function latencies<Ways extends readonly Way[]>(
  ways: [...Ways],
  count: number,
): Promise<{ [at in keyof Ways]: number[] }>
export async function latencies(ways: readonly Way[], count: number): Promise<number[][]> {
  const all = ways.map((way) => ({ kept: new Kept(way, '/userdata/small.json'), took: [] as number[] }))
  for (let n = 0; n < count + 200; n += 1) {
    for (const { kept, took } of all) {
      const begun = performance.now()
      await kept.once()
      if (n >= 200) took.push(performance.now() - begun)
    }
  }
  for (const { kept } of all) kept.close()
  return all.map(({ took }) => took)
}

export async function down({ url, headers }: Way): Promise<void> {
  const request = ask(`${url}/userdata/large.bin`, { headers }).end()
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  let bytes = 0
  response.on('data', (piece: Buffer) => (bytes += piece.length))
  await once(response, 'end')
  if (bytes !== largeBytes) throw new Error(`${bytes} bytes came`)
}

export async function up({ url, headers }: Way): Promise<void> {
  const block = Buffer.alloc(2 ** 20, 1)
  const request = ask(`${url}/userdata/up.bin`, {
    method: 'POST',
    headers: { ...headers, 'content-length': largeBytes },
  })
  Readable.from(
    (function* () {
      for (let sent = 0; sent < largeBytes; sent += block.length) yield block
    })(),
  ).pipe(request)
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  const pieces: Buffer[] = []
  for await (const piece of response as AsyncIterable<Buffer>) pieces.push(piece)
  if (Buffer.concat(pieces).toString() !== String(largeBytes)) throw new Error('not all of it came')
}

/** How long something takes, in s, and what the process holds at most meanwhile, in MiB. */
export async function watched(way: Way, work: (way: Way) => Promise<void>) {
  let peak = 0
  const timer = setInterval(() => {
    void usageOf(way.pid).then(({ rssMiB }) => (peak = Math.max(peak, rssMiB)))
  }, 50)
  const begun = performance.now()
  try {
    await work(way)
  } finally {
    clearInterval(timer)
  }
  return { tookS: (performance.now() - begun) / 1000, peak }
}

export const sockets = { count: 200, frames: 40, everyMs: 250 }

/** CPU that a preview with its message takes when it is relayed to many sockets, in ms; throws where one frame is missing or out of order. */
export async function previews(way: Way): Promise<number> {
  const { count, frames, everyMs } = sockets
  const all = Array.from({ length: count }, (_, n) => {
    const clientId = `${way.name}-${n}`
    const socket = new WebSocket(`${way.url.replace('http', 'ws')}/ws?clientId=${clientId}`, { headers: way.headers })
    const state = { socket, clientId, next: 0, isDone: false, isMessy: false }
    socket.on('message', (data, isBinary) => {
      const bytes = data as Buffer
      if (!isBinary) {
        if (bytes.includes('execution_success')) state.isDone = true
        return
      }
      if (bytes.readUInt32BE(8) !== state.next) state.isMessy = true
      state.next += 1
    })
    return state
  })
  await Promise.all(all.map(({ socket }) => once(socket, 'open')))
  await Promise.all(
    all.map(async ({ clientId }) => {
      const body = JSON.stringify({ prompt: {}, client_id: clientId, extra_data: { frames, everyMs } })
      const answer = await fetch(`${way.url}/prompt`, {
        method: 'POST',
        headers: { ...way.headers, 'content-type': 'application/json' },
        body,
      })
      if (!answer.ok) throw new Error(`${way.name} answered ${answer.status} ${await answer.text()}`)
    }),
  )
  // What is measured is the relaying, not that jobs are taken and owned.
  const before = await cpuOf(way)
  const sentBefore = all.reduce((sum, { next }) => sum + next, 0)
  await until('all previews', () => all.every(({ isDone }) => isDone), frames * everyMs * 4)
  const perPreview = ((await cpuOf(way)) - before) / (count * frames - sentBefore)
  for (const { socket } of all) socket.close()
  const bad = all.filter(({ isMessy, next }) => isMessy || next !== frames)
  if (bad.length > 0) throw new Error(`${way.name}: ${bad.length} sockets missed frames or got them out of order`)
  return perPreview
}
