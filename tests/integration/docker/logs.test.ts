import type Dockerode from 'dockerode'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import net from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { createEngine } from '../../../electron/docker/create-engine'
import type { Engine } from '../../../electron/docker/engine'
import { createContainerLog } from '../../../electron/docker/logs/container-log'
import type { Log } from '../../../electron/logs/log'
import { logFile, watchLogs } from '../../../electron/logs/readers'
import { createRedactor } from '../../../electron/vault/redactor'
import { unpackLines, type LogLine } from '../../../shared/contract'
import { testRounds } from '../../support/long'
import { describeWithDocker } from '../../support/docker'
import { until } from '../../support/until'

const suffix = randomBytes(4).toString('hex')

/** Between the panel and the engine: what runs through it can be cut, and let through again. */
async function openProxy(target: string) {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'regie-proxy-'))
  const place = path.join(folder, 'docker.sock')
  const sockets = new Set<net.Socket>()
  let isOpen = true
  const server = net.createServer((socket) => {
    if (!isOpen) {
      socket.destroy()
      return
    }
    const engine = net.connect(target)
    for (const [one, other] of [
      [socket, engine],
      [engine, socket],
    ] as const) {
      sockets.add(one)
      one.on('error', () => other.destroy())
      one.on('close', () => {
        sockets.delete(one)
        other.destroy()
      })
      one.pipe(other)
    }
  })
  server.listen(place)
  await once(server, 'listening')
  return {
    place,
    cut(stayShut = false) {
      isOpen = !stayShut
      for (const socket of sockets) socket.destroy()
    },
    open() {
      isOpen = true
    },
    async close() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

await describeWithDocker('the log of a container', ({ client, image, host }) => {
  const made: Dockerode.Container[] = []
  let engine: Engine

  const connect = (address: string) =>
    createEngine({
      address: { read: () => address, write: () => undefined },
      composeProgram: () => Promise.resolve(null),
      reportBug: (error) => {
        throw error
      },
    })

  beforeAll(async () => {
    engine = connect(host)
    await until('the engine', () => engine.status().state === 'connected')
  })
  afterAll(async () => {
    await engine.close()
    await Promise.all(made.map((container) => container.remove({ force: true, v: true }).catch(() => undefined)))
  })

  const stays = 'process.on("SIGTERM", () => process.exit(0)); setInterval(() => {}, 1e6);'

  async function run(name: string, script: string, more: Dockerode.ContainerCreateOptions = {}) {
    // A second try finds the container of the first.
    await client
      .getContainer(`regie-log-${name}-${suffix}`)
      .remove({ force: true })
      .catch(() => undefined)
    const container = await client.createContainer({
      Image: image,
      Entrypoint: ['/bin/node', '-e'],
      Cmd: [script],
      name: `regie-log-${name}-${suffix}`,
      ...more,
    })
    made.push(container)
    await container.start()
    return container
  }

  const findBy = (of: Engine, name: string) => () =>
    of.containers().find((one) => one.name.replace(/^\//, '') === `regie-log-${name}-${suffix}`) ?? null

  function logOf(name: string, of = engine, lingerMs = 200): Log {
    return createContainerLog({
      engine: of,
      find: findBy(of, name),
      redactor: createRedactor(),
      reportBug: (error) => {
        throw error
      },
      lingerMs,
    })
  }

  /** Reads along until the test ends, as a page does. */
  function follow(log: Log, tail = 100_000) {
    const stop = new AbortController()
    const lines: LogLine[] = []
    const done = (async () => {
      for await (const batch of log.follow({ tail }, stop.signal)) lines.push(...batch)
    })()
    const end = async () => {
      stop.abort()
      await done
    }
    onTestFinished(end)
    return {
      lines,
      texts: () => lines.map(({ text }) => text),
      own: () => lines.filter(({ stream }) => stream !== 'panel').map(({ text }) => text),
      end,
    }
  }

  /** Whoever begins to listen after the container has begun to write still gets every line. */
  const seen = async (of: Engine, name: string) => until(`${name} to be known`, () => findBy(of, name)())

  test('framed output comes with its stream, time and level; the tail and the live lines join', async () => {
    await run(
      'framed',
      // The engine reads the two streams on their own: what comes at one moment comes in either order.
      `console.log('hello'); setTimeout(() => console.error('WARNING: careful'), 400); setTimeout(() => console.log('later'), 800); ${stays}`,
    )
    await seen(engine, 'framed')
    const { lines, texts } = follow(logOf('framed'))

    await until('all lines', () => texts().includes('later'))

    expect(lines.map(({ stream, level, text }) => [stream, level, text])).toEqual([
      ['stdout', 'info', 'hello'],
      ['stderr', 'warn', 'WARNING: careful'],
      ['stdout', 'info', 'later'],
    ])
    expect(lines.every(({ at }) => Math.abs(Date.now() - at) < 60_000)).toBe(true)
    expect(lines.map(({ seq }) => seq)).toEqual([...lines.map(({ seq }) => seq)].sort((a, b) => a - b))
  })

  test('a terminal’s output is read without frames, colours as data', async () => {
    await run('tty', `console.log('\\x1b[31mred\\x1b[0m plain'); ${stays}`, { Tty: true })
    await seen(engine, 'tty')
    const { lines } = follow(logOf('tty'))

    const line = await until('the line', () => lines[0])

    expect(line).toMatchObject({
      text: 'red plain',
      styles: [
        [0, '31'],
        [3, ''],
      ],
    })
  })

  const every = 'lines come once each and in order, half of them from before, and nothing is kept afterwards'
  testRounds(every, { few: 10_000, all: 100_000 }, async (count) => {
    const name = `many-${count}`
    const script = `let n = 0; const write = (end) => { while (n < end) { let s = ''; for (let i = 0; i < 500; i++) s += 'line ' + n++ + '\\n'; require('fs').writeSync(1, s) } };
      write(${count / 2}); process.once('SIGUSR2', () => write(${count})); ${stays}`
    const container = await run(name, script)
    await seen(engine, name)
    const log = logOf(name)
    const { own, lines, end } = follow(log)
    await until('the first half', () => lines.length >= count / 2)

    await container.kill({ signal: 'SIGUSR2' })
    await until('the second half', () => lines.at(-1)?.text === `line ${count - 1}`, 30_000)

    expect(own()).toEqual(Array.from({ length: count }, (_, n) => `line ${n}`))
    expect(new Set(lines.map(({ seq }) => seq)).size).toBe(count)
    await end()
    expect(log.followers()).toBe(0)
    const file = await (await logFile({ id: name, log }, new AbortController().signal)).text()
    expect(
      file
        .trimEnd()
        .split('\n')
        .map((line) => line.slice(line.indexOf('line '))),
    ).toEqual(own())
  })

  test('is followed over a restart and over being made anew', async () => {
    const script = `console.log('begun'); ${stays}`
    const first = await run('lives', script)
    await seen(engine, 'lives')
    const { own, texts } = follow(logOf('lives'))
    await until('its first life', () => own().length === 1)

    await first.restart({ t: 5 })
    await until('its second life', () => own().length === 2)
    await first.remove({ force: true })
    await run('lives', script)
    await until('its third life', () => own().length === 3)

    expect(own()).toEqual(['begun', 'begun', 'begun'])
    expect(texts().some((text) => text.startsWith('The container was recreated'))).toBe(true)
  })

  test('goes on where it was cut, without a line lost or doubled, and says so', async () => {
    const proxy = await openProxy(host.replace('unix://', ''))
    onTestFinished(() => proxy.close())
    const distant = connect(`unix://${proxy.place}`)
    onTestFinished(() => distant.close())
    await run(
      'cut',
      `let n = 0; setInterval(() => { for (let i = 0; i < 20; i++) console[n % 3 ? 'log' : 'error']('tick ' + n++) }, 5); process.on("SIGTERM", () => process.exit(0))`,
    )
    await until('the container through the proxy', () => findBy(distant, 'cut')())
    const { own, lines, texts } = follow(logOf('cut', distant))
    await until('some lines', () => own().length > 200)

    proxy.cut()
    const before = own().length
    await until('the log to go on', () => own().length > before + 200)
    proxy.cut(true)
    await until('the loss to be told', () => texts().some((text) => text.startsWith('Docker is not responding')))
    proxy.open()
    const then = own().length
    await until('the log to go on again', () => own().length > then + 200, 20_000)

    // Every third number is written to the other stream.
    for (const stream of ['stdout', 'stderr'] as const) {
      const numbers = lines.filter((line) => line.stream === stream).map(({ text }) => Number(text.slice(5)))
      const all = Array.from({ length: (numbers.at(-1) ?? 0) + 1 }, (_, n) => n)
      expect(numbers).toEqual(all.filter((n) => (n % 3 === 0) === (stream === 'stderr')))
    }
  }, 40_000)

  test('shows no secret that the container was given', async () => {
    const secret = `pw-${randomBytes(8).toString('hex')}`
    const hash = `$2b$12$${randomBytes(40).toString('hex').slice(0, 53)}`
    await run(
      'secret',
      `console.log('password is ' + process.env.FORGE_PASSWORD); console.log('For direct API calls, use token=' + process.env.HASH); console.log('args', process.env.FORGE_ARGS); ${stays}`,
      {
        Env: [`FORGE_PASSWORD=${secret}`, `HASH=${hash}`, `FORGE_ARGS=--api --api-auth admin:${secret}`],
      },
    )
    await seen(engine, 'secret')
    const log = logOf('secret')
    const texts = await until('its lines', async () => {
      const lines = await log.tail(10)
      return lines.length === 3 && lines.map(({ text }) => text)
    })
    const file = await (await logFile({ id: 'x', log }, new AbortController().signal)).text()

    expect(texts[0]).toMatch(/^password is \[secret [0-9a-f]{12}\]$/)
    for (const text of [...texts, file]) expect([text.includes(secret), text.includes(hash)]).toEqual([false, false])
  })

  test('has last words, and a list that a reader can continue', async () => {
    const container = await run(
      'words',
      `console.log('a'); console.log('b'); console.error('ModuleNotFoundError: torch'); process.exit(1)`,
    )
    await container.wait()
    await until('its container to be known', () => findBy(engine, 'words')())
    // What was read is remembered for as long as the container may take to start.
    const log = logOf('words', engine, 30_000)

    const lines = await log.tail(2)

    expect(await log.lastWords(0)).toMatch(/ModuleNotFoundError|b|a/)
    expect(lines).toHaveLength(2)
    expect(log.source()).toEqual({ state: 'stopped' })
    await container.start()
    const { value } = await log.follow({ tail: 10, after: lines.at(-1)?.seq }, AbortSignal.timeout(10_000)).next()
    expect(value?.map(({ stream }) => stream)).not.toContain('panel')
    expect(value?.length, JSON.stringify({ lines, value })).toBeLessThanOrEqual(3)
  })

  test('where there is nothing to read, that is told, and it begins by itself', async () => {
    const stop = new AbortController()
    const told: string[] = []
    const texts: string[] = []
    const done = (async () => {
      for await (const event of watchLogs(
        [
          { id: 'late', log: logOf('late') },
          { id: 'mute', log: logOf('mute') },
        ],
        100,
        stop.signal,
      )) {
        if (event.type === 'source')
          told.push(`${event.service} ${event.source.state} ${event.source.reason?.problem ?? ''}`)
        else texts.push(...unpackLines(event.lines).map(({ text }) => `${event.service} ${text}`))
      }
    })()
    await until('both to be told', () => told.length >= 2)

    await run('late', `console.log('here'); ${stays}`)
    await run('mute', `console.log('unheard'); ${stays}`, { HostConfig: { LogConfig: { Type: 'none', Config: {} } } })
    await until('the first line', () => texts.includes('late here'))
    await until('the driver to be told', () => told.includes('mute unreadable log.unreadable'))
    stop.abort()
    await done

    expect(told.slice(0, 2).sort()).toEqual([
      'late no-container log.no-container',
      'mute no-container log.no-container',
    ])
  })
})
