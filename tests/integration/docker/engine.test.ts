import type Dockerode from 'dockerode'
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import net from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { describeWithDocker } from '../../support/docker'
import { pause } from '../../support/docker/pausing'
import { listenTo, whenConnected, whenUnreachable, type ListeningEngine } from '../../support/docker/listening'
import { until } from '../../support/until'

const stays = 'process.on("SIGTERM", () => process.exit(0)); setInterval(() => {}, 1e6)'

/** A socket in front of the engine's own, so that a connection can be cut without touching the engine. */
async function doorTo(host: string) {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'regie-door-'))
  const file = path.join(folder, 'docker.sock')
  const open = new Set<net.Socket>()
  const streams = new Set<net.Socket>()
  const hushed = new Set<net.Socket>()
  const behind = new URL(host)
  const place =
    behind.protocol === 'unix:' ? { path: behind.pathname } : { host: behind.hostname, port: Number(behind.port) }
  let server = net.createServer()
  const listen = () =>
    new Promise<void>((resolve) => {
      server = net.createServer((socket) => {
        const inner = net.connect(place)
        for (const [from, to] of [
          [socket, inner],
          [inner, socket],
        ] as const) {
          open.add(from)
          from
            .on('error', () => to.destroy())
            .on('close', () => {
              open.delete(from)
              to.destroy()
            })
          from.on('data', (chunk: Buffer) => {
            if (!hushed.has(from)) to.write(chunk)
          })
          // The first request on a connection says what it is for.
          if (from === socket)
            from.on('data', (chunk: Buffer) => {
              if (chunk.toString('latin1').includes('/events?')) streams.add(inner)
            })
        }
      })
      server.listen(file, resolve)
    })
  const shut = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve())
      for (const socket of open) socket.destroy()
    })
  await listen()
  return {
    host: `unix://${file}`,
    listen,
    shut,
    /** The event streams that are open hold their tongue from now on. */
    hush() {
      for (const stream of streams) hushed.add(stream)
    },
    async remove() {
      await shut()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

await describeWithDocker('an engine that is there', ({ host, client, image }) => {
  const project = `regie-engine-${randomBytes(4).toString('hex')}`
  const made: Dockerode.Container[] = []
  const listening: ListeningEngine[] = []
  const listen = (address = host, options: Parameters<typeof listenTo>[1] = {}) => {
    const one = listenTo({ env: { DOCKER_HOST: address, PATH: process.env['PATH'] } }, options)
    listening.push(one)
    return one
  }
  const make = async (name: string, more: Partial<Dockerode.ContainerCreateOptions> = {}) => {
    const container = await client.createContainer({
      name: `${project}-${name}`,
      Image: image,
      Entrypoint: ['/bin/node', '-e', stays],
      Cmd: [],
      Labels: { 'com.docker.compose.project': project, 'com.docker.compose.service': name },
      HostConfig: { NetworkMode: 'none' },
      ...more,
    })
    made.push(container)
    return container
  }
  const stateIn = ({ engine }: ListeningEngine, id: string) => engine.containers().find((one) => one.id === id)?.state

  afterEach(() => Promise.all(listening.splice(0).map(({ engine }) => engine.close())))
  afterAll(async () => {
    for (const container of made) await container.remove({ force: true }).catch(() => undefined)
  })

  test('is found, negotiated with, described, and its containers are listed as the CLI lists them', async () => {
    const container = await make('listed')
    const view = listen()
    await whenConnected(view)
    const { info, attempts, reason } = view.engine.status()
    const version = await client.version()
    expect(info).toMatchObject({ version: version.Version, apiVersion: expect.stringMatching(/^1\.\d+$/) as string })
    expect(attempts[0]).toMatchObject({ source: 'DOCKER_HOST', endpoint: host, answered: 'connected' })
    expect(reason).toBeUndefined()
    expect(view.engine.environment()).toMatchObject({ DOCKER_HOST: host })
    const own = view.engine.containers().find(({ id }) => id === container.id)
    expect(own).toMatchObject({
      ...{ name: `${project}-listed`, state: 'created', image },
      compose: { project, service: 'listed', oneOff: false },
    })
  })

  test('tells every event once, in order, with the list already as new as the event', async () => {
    const view = listen()
    await whenConnected(view)
    const container = await make('told')
    const seen: (string | undefined)[] = []
    view.engine.onChange((change) => {
      if (change.type !== 'event' || change.event.action !== 'start') return
      if (change.event.containerId === container.id) seen.push(stateIn(view, container.id))
    })
    await container.start()
    await container.kill()
    await until('the end to be told', () => view.eventsOf(container.id).includes('die'))
    expect(view.eventsOf(container.id)).toEqual(['create', 'start', 'kill', 'die'])
    expect(seen).toHaveLength(1)
    expect(seen[0]).not.toBe('created')
    expect(stateIn(view, container.id)).toBe('exited')
  })

  test('a container removed behind its back is gone from the list', async () => {
    const container = await make('removed')
    await container.start()
    const view = listen()
    await whenConnected(view)
    expect(stateIn(view, container.id)).toBe('running')
    await container.remove({ force: true })
    await until('the container to be gone', () => stateIn(view, container.id) === undefined)
    await until('its end to be told', () => view.eventsOf(container.id).at(-1) === 'destroy')
  })

  test('a cut connection is taken up again: nothing is missed and nothing told twice', async () => {
    const door = await doorTo(host)
    try {
      const container = await make('cut')
      const view = listen(door.host)
      await whenConnected(view)
      await container.start()
      await until('the start to be told', () => view.eventsOf(container.id).includes('start'))
      await door.shut()
      await whenUnreachable(view)
      expect(view.engine.containers()).toEqual([])
      await expect(view.engine.client()).rejects.toMatchObject({ id: 'docker.not-running-linux' })
      await container.kill()
      await container.start()
      await door.listen()
      expect((await view.engine.reconnect()).state).toBe('connected')
      await until(
        'what was missed',
        () => view.eventsOf(container.id).filter((action) => action === 'start').length === 2,
      )
      expect(view.eventsOf(container.id)).toEqual(['start', 'kill', 'die', 'start'])
      expect(stateIn(view, container.id)).toBe('running')
      await pause(container)
      await until('the pause to be told', () => view.eventsOf(container.id).at(-1) === 'pause')
      expect(view.eventsOf(container.id)).toHaveLength(5)
    } finally {
      await door.remove()
    }
  })

  test('comes back by itself, with growing pauses', async () => {
    const door = await doorTo(host)
    try {
      await door.shut()
      const view = listen(door.host)
      await whenUnreachable(view)
      expect(view.engine.status()).toMatchObject({ reason: { problem: 'docker.not-running-linux' } })
      expect(view.engine.status().nextTryAt).toBeGreaterThan(Date.now())
      await door.listen()
      await whenConnected(view)
      expect(view.engine.status().nextTryAt).toBeNull()
    } finally {
      await door.remove()
    }
  })

  test('an event stream that goes silent without ending is noticed by the regular look, and taken up again', async () => {
    const door = await doorTo(host)
    try {
      const container = await make('silent')
      const view = listen(door.host, { timing: { relistMs: 200 } })
      await whenConnected(view)
      door.hush()
      await container.start()
      await until('the start to be told by another stream', () => view.eventsOf(container.id).includes('start'))
      expect(stateIn(view, container.id)).toBe('running')
      expect(view.eventsOf(container.id)).toEqual(['start'])
    } finally {
      await door.remove()
    }
  })

  test('two panels on one engine see the same', async () => {
    const [one, two] = [listen(), listen()]
    await Promise.all([whenConnected(one), whenConnected(two)])
    const container = await make('shared')
    await container.start()
    for (const view of [one, two]) await until('both to see it run', () => stateIn(view, container.id) === 'running')
    expect(one.eventsOf(container.id)).toEqual(two.eventsOf(container.id))
    await one.engine.close()
    await container.kill()
    await until('the other to go on', () => stateIn(two, container.id) === 'exited')
  })

  test('an address set in Regie is used, kept, and taken back', async () => {
    const door = await doorTo(host)
    try {
      const view = listen()
      await whenConnected(view)
      expect(await view.engine.setAddress(door.host)).toMatchObject({ state: 'connected', address: door.host })
      expect(view.engine.environment()).toMatchObject({ DOCKER_HOST: door.host })
      expect(view.address()).toBe(door.host)
      await expect(view.engine.setAddress('tcp://me:word@box')).rejects.toMatchObject({ id: 'docker.address-invalid' })
      expect(view.engine.status()).toMatchObject({ state: 'connected', address: door.host })
      expect(await view.engine.setAddress('unix:///nonexistent/docker.sock')).toMatchObject({ state: 'unreachable' })
      expect(view.engine.containers()).toEqual([])
      expect(await view.engine.setAddress(null)).toMatchObject({ state: 'connected', address: null })
    } finally {
      await door.remove()
    }
  })

  test('which Compose program there is, is asked once a connection and told', async () => {
    let asked = 0
    const program = { program: 'standalone', version: '1.29.2' } as const
    const view = listen(host, {
      composeProgram: () => {
        asked += 1
        return Promise.resolve(program)
      },
    })
    await until('the program to be told', () => view.engine.status().compose)
    expect(view.engine.status().compose).toEqual(program)
    await view.engine.reconnect()
    expect(asked).toBe(1)
  })

  describe('closed', () => {
    let view: ListeningEngine
    beforeAll(async () => {
      view = listenTo({ env: { DOCKER_HOST: host } })
      await whenConnected(view)
      await view.engine.close()
    })
    test('it tells nothing more and refuses its client', async () => {
      const told = view.changes.length
      await expect(view.engine.client()).rejects.toMatchObject({ id: 'docker.closed' })
      await make('unheard')
      expect(view.changes).toHaveLength(told)
    })
  })
})
