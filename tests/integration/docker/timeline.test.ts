import type Dockerode from 'dockerode'
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterAll, afterEach, beforeEach, expect, test } from 'vitest'
import { createListeners } from '../../../electron/async/listeners'
import { asItIs } from '../../../electron/logs/cutting'
import { createTimeline, type Timeline } from '../../../electron/timeline'
import type { PanelEvent, Service } from '../../../shared/contract'
import { Problem } from '../../../shared/problems'
import { neverSleeps } from '../../../shared/service-idle'
import { describeWithDocker } from '../../support/docker'
import { pause } from '../../support/docker/pausing'
import { listenTo, whenConnected, type ListeningEngine } from '../../support/docker/listening'
import { until } from '../../support/until'

const stays = 'process.on("SIGTERM", () => process.exit(0)); setInterval(() => {}, 1e6)'

await describeWithDocker('what happens to a service in a container', ({ host, client, image }) => {
  const project = `regie-timeline-${randomBytes(4).toString('hex')}`
  let folder: string
  let view: ListeningEngine
  let timeline: Timeline
  let count = 0
  let id: string
  const made: Dockerode.Container[] = []
  const news = createListeners<[PanelEvent]>()

  const service = (): Service => ({
    ...{ id, kind: 'comfyui', runtime: 'compose', url: 'http://127.0.0.1:1', credentialId: null, operation: null },
    ...{ tags: [], idle: neverSleeps, muted: false },
    ...{ adopted: false, pid: null, model: null, queue: null, progress: null, container: null, pending: null },
    compose: { file: '/stacks/compose.yaml', service: id, project },
    health: { state: 'stopped', since: 0, checkedAt: null, rungs: [], checks: [] },
  })
  const make = async (program: string, more: Dockerode.HostConfig = {}, name = id) => {
    const container = await client.createContainer({
      name: `${project}-${name}`,
      Image: image,
      Entrypoint: ['/bin/node', '-e', program],
      Cmd: [],
      Labels: { 'com.docker.compose.project': project, 'com.docker.compose.service': id },
      HostConfig: { NetworkMode: 'none', ...more },
    })
    made.push(container)
    return container
  }
  const open = async () => {
    view = listenTo({ env: { DOCKER_HOST: host } })
    timeline = createTimeline({
      file: path.join(folder, 'timeline.jsonl'),
      engine: view.engine,
      publish: () => undefined,
      listen: news.on,
      redact: asItIs,
      reportBug: (error) => {
        throw error
      },
    })
    await whenConnected(view)
    news.tell({ type: 'service', service: service() })
  }
  const shut = async () => {
    await timeline.close()
    await view.engine.close()
  }
  /** Oldest first, as `kind actor`. */
  const told = async () => {
    const { items } = await timeline.list({ id, limit: 100 })
    return items
      .reverse()
      .map(({ kind, actor, name, exitCode }) => [kind, actor, name, exitCode].filter((x) => x !== null).join(' '))
  }
  const untilTold = (what: string) => until(what, async () => (await told()).some((entry) => entry.startsWith(what)))

  beforeEach(async () => {
    id = `svc-${(count += 1)}`
    folder = await mkdtemp(path.join(os.tmpdir(), 'regie-timeline-'))
    await open()
  })
  afterEach(async () => {
    await shut()
    await rm(folder, { recursive: true, force: true })
  })
  afterAll(async () => {
    for (const container of made) await container.remove({ force: true }).catch(() => undefined)
  })

  test('somebody else starts, pauses, kills and removes it', async () => {
    const container = await make(stays)
    await container.start()
    await pause(container)
    await container.unpause()
    await container.kill()
    await container.remove()
    await untilTold('removed')
    expect(await told()).toEqual([
      ...['created outside', 'started outside', 'paused outside', 'resumed outside'],
      ...['stopped outside 137', 'removed outside'],
    ])
  })

  test('Regie does, because an administrator asked it to; what fails is told with its reason', async () => {
    const container = await make(stays)
    await untilTold('created')
    await timeline.during({ serviceId: id, operation: 'start', name: 'admin' }, () => container.start())
    await untilTold('started')
    await timeline.during({ serviceId: id, operation: 'stop', name: 'owner' }, () => container.kill())
    await untilTold('stopped')
    const broken = timeline.during({ serviceId: id, operation: 'recreate', name: 'user' }, () =>
      Promise.reject(new Problem('docker.closed')),
    )
    await expect(broken).rejects.toMatchObject({ id: 'docker.closed' })
    await untilTold('failed')
    expect(await told()).toEqual([
      ...['created outside', 'started regie admin', 'stopped regie owner 137', 'failed regie user'],
    ])
    const { items } = await timeline.list({ id, limit: 1 })
    expect(items[0]).toMatchObject({ operation: 'recreate', reason: { problem: 'docker.closed' } })
  })

  test('it crashes, and Docker’s restart policy starts it again', async () => {
    const once =
      'const fs=require("fs"); if (fs.existsSync("/once")) setInterval(()=>{},1e6); else { fs.writeFileSync("/once",""); process.exit(3) }'
    const container = await make(once, { RestartPolicy: { Name: 'on-failure', MaximumRetryCount: 3 } })
    await container.start()
    await untilTold('started docker')
    expect(await told()).toEqual(['created outside', 'started outside', 'crashed program 3', 'started docker'])
  })

  test('it runs out of memory', async () => {
    const hungry = 'const all = []; for (;;) all.push(Buffer.alloc(16 << 20, 1))'
    const limit = 64 << 20
    const container = await make(hungry, { Memory: limit, MemorySwap: limit })
    await container.start()
    await untilTold('crashed')
    const entries = await told()
    expect(entries.slice(0, 2)).toEqual(['created outside', 'started outside'])
    expect(entries).toContain('oom system')
    expect(entries.at(-1)).toBe('crashed system 137')
  })

  test('it is made anew beside its forerunner', async () => {
    const old = await make(stays)
    await old.start()
    await untilTold('started')
    await timeline.during({ serviceId: id, operation: 'recreate', name: 'rotation' }, async () => {
      const next = await make(stays, {}, `${id}-next`)
      await old.remove({ force: true })
      await next.start()
    })
    await until('the new start', async () => (await told()).filter((entry) => entry.startsWith('started')).length === 2)
    expect(await told()).toEqual([
      ...['created outside', 'started outside', 'recreated regie rotation'],
      ...['stopped regie rotation 137', 'started regie rotation'],
    ])
  })

  test('what is kept survives a restart of the panel, and what happened meanwhile is made up for, once', async () => {
    const container = await make(stays)
    await container.start()
    await untilTold('started')
    await shut()
    await container.kill()
    await open()
    await untilTold('stopped')
    await timeline.settle()
    expect(await told()).toEqual(['created outside', 'started outside', 'stopped unknown 137'])
    await container.start()
    await until('the start to be told', async () => (await told()).length === 4)
    expect((await told()).at(-1)).toBe('started outside')
  })

  test('pages, newest first', async () => {
    const container = await make(stays)
    await container.start()
    await container.kill()
    await untilTold('stopped')
    const first = await timeline.list({ id, limit: 2 })
    expect(first.items.map(({ kind }) => kind)).toEqual(['stopped', 'started'])
    const second = await timeline.list({
      id,
      limit: 2,
      ...(first.nextCursor === null ? {} : { cursor: first.nextCursor }),
    })
    expect(second).toMatchObject({ items: [{ kind: 'created' }], nextCursor: null })
    expect(await timeline.list({ id, limit: 2, cursor: 'gone' })).toEqual({ items: [], nextCursor: null })
  })
})
