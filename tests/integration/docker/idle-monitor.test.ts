import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { IdleMonitor, Service } from '../../../shared/contract'
import { neverSleeps } from '../../../shared/service-idle'
import type { Container } from '../../../electron/docker/engine'
import { monitorsOf } from '../../../electron/sleeping/monitors'
import { removeMonitor } from '../../../electron/sleeping/removing'
import { describeWithDocker } from '../../support/docker'

const stays = 'process.on("SIGTERM", () => process.exit(0)); setInterval(() => {}, 1e6)'

await describeWithDocker('an idle monitor of the deployment’s own', ({ client, image }) => {
  const id = `qwen-${randomBytes(4).toString('hex')}`
  const names = { monitor: `${id}-idle-monitor`, beside: `${id}-helper`, other: `other-${id.slice(5)}-idle-monitor` }
  const ids = new Map<string, string>()
  const service: Service = {
    ...{ id, kind: 'comfyui', runtime: 'compose', url: 'http://127.0.0.1:8188', credentialId: null, tags: [] },
    ...{ idle: neverSleeps, muted: false, operation: null, adopted: false, pid: null, model: null },
    ...{ queue: null, progress: null, pending: null, compose: { file: '/srv/compose.yaml', service: id } },
    container: {
      id: 'own',
      name: id,
      image: 'comfyui',
      state: 'running',
      startedAt: 0,
      restartCount: 0,
      exitCode: null,
    },
    health: { state: 'ready', since: 0, checkedAt: 0, rungs: [], checks: [] },
  }
  const seen = (name: string): Container => ({
    ...{ id: ids.get(name) ?? '', name, image, imageId: '', state: 'running', status: '', createdAt: 0, ports: [] },
    ...{ labels: {}, compose: null },
  })
  const all = () => Object.values(names).map(seen)
  const audited: string[] = []
  const remove = (shown: Partial<IdleMonitor> = {}, services: Service[] = [service]) =>
    removeMonitor(
      {
        services: { get: () => service, list: () => services },
        engine: { client: () => Promise.resolve(client), containers: all },
        auditFirst: ({ action, details }) =>
          Promise.resolve(void audited.push(`${action} ${String(details?.['container'])}`)),
      },
      { id, who: 'admin', container: ids.get(names.monitor) ?? '', name: names.monitor, image, ...shown },
    )
  const isThere = (name: string) =>
    client
      .getContainer(ids.get(name) ?? '')
      .inspect()
      .then(
        ({ State }) => State.Running,
        () => false,
      )

  beforeAll(async () => {
    for (const name of Object.values(names)) {
      const made = await client.createContainer({
        ...{ name, Image: image, Entrypoint: ['/bin/node', '-e', stays] },
        // Whatever would bring it back: it is stopped before it is removed.
        HostConfig: { NetworkMode: 'none', RestartPolicy: { Name: 'always' } },
      })
      await made.start()
      ids.set(name, made.id)
    }
  })
  afterAll(async () => {
    for (const one of ids.values())
      await client
        .getContainer(one)
        .remove({ force: true })
        .catch(() => undefined)
  })

  test('is left alone where it is not what was shown, or is recognised as none', async () => {
    expect(monitorsOf(service, [service], all())).toEqual([
      { container: ids.get(names.monitor), name: names.monitor, image },
    ])
    const refused = expect.objectContaining({ id: 'sleeping.no-monitor' }) as unknown
    await expect(remove({ image: 'python:3.11' })).rejects.toEqual(refused)
    await expect(remove({ name: `${names.monitor}-2` })).rejects.toEqual(refused)
    for (const name of [names.beside, names.other])
      await expect(remove({ name, container: ids.get(name) ?? '' })).rejects.toEqual(refused)
    // The list is a moment old: the name belongs to another one by now.
    await client.getContainer(ids.get(names.monitor) ?? '').rename({ _query: { name: `${names.monitor}-renamed` } })
    await expect(remove()).rejects.toEqual(refused)
    await client.getContainer(ids.get(names.monitor) ?? '').rename({ _query: { name: names.monitor } })
    // What is the container of a service of ours is never one.
    const own = { ...service, container: { ...service.container, id: ids.get(names.monitor) ?? '' } } as Service
    await expect(remove({}, [own])).rejects.toEqual(refused)
    expect(await Promise.all(Object.values(names).map(isThere))).toEqual([true, true, true])
    expect(audited).toEqual([])
  })

  test('is stopped and removed, it alone, and that is told before and after', async () => {
    expect(await remove()).toMatchObject({ name: names.monitor, image })
    expect(await Promise.all(Object.values(names).map(isThere))).toEqual([false, true, true])
    expect(audited).toEqual([`sleeping.monitor-removal ${names.monitor}`, `sleeping.monitor-removed ${names.monitor}`])
    await expect(remove()).rejects.toMatchObject({ id: 'sleeping.no-monitor' })
  })
})
