import type Dockerode from 'dockerode'
import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { createEngine } from '../../../electron/docker/create-engine'
import type { Engine } from '../../../electron/docker/engine'
import { Stats } from '../../../electron/docker/stats'
import type { StatsEvent } from '../../../shared/contract'
import { Problem } from '../../../shared/problems'
import { describeWithDocker } from '../../support/docker'
import { until } from '../../support/until'

const name = `regie-stats-${randomBytes(4).toString('hex')}`
const busy =
  'process.on("SIGTERM", () => process.exit(0)); const turn = () => { const end = Date.now() + 60; while (Date.now() < end); setTimeout(turn, 40) }; turn()'

await describeWithDocker('the statistics of a container', ({ client, image, host }) => {
  let container: Dockerode.Container
  let engine: Engine

  beforeAll(async () => {
    container = await client.createContainer({
      Image: image,
      Entrypoint: ['/bin/node', '-e'],
      Cmd: [busy],
      name,
      HostConfig: { Memory: 256 * 2 ** 20, NetworkMode: 'none' },
    })
    await container.start()
    engine = createEngine({
      address: { read: () => host, write: () => undefined },
      composeProgram: () => Promise.resolve(null),
      reportBug: (error) => {
        throw error
      },
    })
    await until('the container to be known', () => engine.containers().some((one) => one.id === container.id))
  })
  afterAll(async () => {
    await engine.close()
    await container.remove({ force: true })
  })

  function measure(sampleEveryMs?: number) {
    const stats = new Stats({
      engine,
      services: () => ['busy'],
      containerOf: () => engine.containers().find((one) => one.id === container.id) ?? null,
      reportBug: (error) => {
        throw error
      },
      ...(sampleEveryMs === undefined ? {} : { sampleEveryMs }),
    })
    onTestFinished(() => stats.close())
    return stats
  }

  function follow(stats: ReturnType<typeof measure>) {
    const stop = new AbortController()
    const events: StatsEvent[] = []
    const done = (async () => {
      for await (const event of stats.watch('busy', stop.signal)) events.push(event)
    })()
    const end = async () => {
      stop.abort()
      await done
    }
    onTestFinished(end)
    return { events, end }
  }

  test('of a busy one tell its CPU and memory; one stream serves all readers and ends with the last', async () => {
    const stats = measure()
    const [one, other] = [follow(stats), follow(stats)]

    const event = await until('a reading with CPU', () => one.events.find(({ reading }) => (reading?.cpuPct ?? 0) > 5))
    await until('the other reader to have one', () => other.events.some(({ state }) => state === 'live'))

    expect(event.reading).toMatchObject({ memoryLimitBytes: 256 * 2 ** 20 })
    expect(event.reading?.memoryBytes).toBeGreaterThan(5 * 2 ** 20)
    expect(event.cores).toBeGreaterThan(0)
    expect(stats.history('busy', '10m').points.length).toBeGreaterThan(0)
    expect(stats.streams()).toBe(1)
    await one.end()
    expect(stats.streams()).toBe(1)
    await other.end()
    expect(stats.streams()).toBe(0)
  })

  test('nobody looking, a sample is taken now and then, and its CPU is the mean since the last', async () => {
    const stats = measure(1_200)

    const point = await until('a point with CPU', () =>
      stats.history('busy', '24h').points.find(({ cpuPct }) => (cpuPct ?? 0) > 5),
    )

    expect(point.spanMs).toBe(60_000)
    expect(stats.streams()).toBe(0)
  })

  test('of a stopped one say so, and begin again with it', async () => {
    const { events } = follow(measure())
    await until('a reading', () => events.at(-1)?.state === 'live')

    await container.stop({ t: 5 })
    await until('its stop to be told', () => events.at(-1)?.state === 'stopped')
    expect(events.at(-1)?.reading).toBeNull()
    await container.start()

    await until('a reading again', () => events.at(-1)?.state === 'live')
  }, 30_000)

  test('of what is no container are refused', () => {
    expect(() => measure().history('other', '10m')).toThrow(Problem)
  })
})
