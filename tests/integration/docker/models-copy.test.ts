import { createHash, randomBytes } from 'node:crypto'
import { mkdir, readFile, rm, symlink, utimes, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type Dockerode from 'dockerode'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { ModelsMove } from '../../../shared/contract'
import { createEngine } from '../../../electron/docker/create-engine'
import { openModelsCopies, volumeNameOf, type ModelsCopies } from '../../../electron/docker/models/copies'
import { helperLabel } from '../../../electron/docker/models/helper'
import { measureReading } from '../../../electron/docker/read-rate'
import { decideRoom } from '../../../electron/docker/room/decide'
import type { ImageRoom } from '../../../electron/docker/room/free'
import { composeProject, type TestProject } from '../../support/compose'
import { describeWithDocker } from '../../support/docker'
import { until } from '../../support/until'
import { long } from '../../support/long'

const mib = 2 ** 20
const target = '/app/models'
const plenty: ImageRoom = { leastBytes: 2 ** 50, mostBytes: 2 ** 50, where: '/var/lib/docker' }

await describeWithDocker('models on a Windows drive, moved to a volume', (docker) => {
  let project: TestProject
  let engine: ReturnType<typeof createEngine>
  let container: Dockerode.Container
  let copies: ModelsCopies
  let folder: string
  let room: ImageRoom
  const serviceId = `qwen-${randomBytes(3).toString('hex')}`
  const volume = volumeNameOf(serviceId, target)
  const audited: string[] = []
  const big = randomBytes(2 * mib + 123)

  const standIn = (more: Dockerode.ContainerCreateOptions) =>
    docker.client.createContainer({
      Image: docker.image,
      Entrypoint: ['/bin/node', '-e', 'process.on("SIGTERM", () => process.exit(0)); setInterval(() => {}, 1e6)'],
      ...more,
    })
  const open = () =>
    openModelsCopies({
      engine,
      journalFile: project.at('models-copies.json'),
      containerOf: () => ({ id: container.id }),
      modelsOf: () => Promise.resolve(['big.safetensors']),
      room: () => Promise.resolve(room),
      auditFirst: ({ action }) => {
        audited.push(action)
        return Promise.resolve()
      },
      reportBug: (error) => {
        throw error
      },
      // A folder of this machine stands for one of a Windows drive: the real drive is told by its path alone.
      isOnDrive: ({ source }) => source === folder,
      pieceMiB: 1,
    })
  const begin = (waits = true) => copies.begin(serviceId, target, { who: 'owner', waits })
  const helpers = async () => {
    const all = await docker.client.listContainers({ all: true, filters: { label: [helperLabel] } })
    return all.filter(({ Mounts }) => Mounts.some(({ Name }) => Name === volume))
  }
  /** What is in the volume, by a container that sees it; null: there is no such file. */
  const inVolume = async (script: string) => {
    const made = await standIn({
      Entrypoint: ['/bin/node', '-e', script],
      HostConfig: { NetworkMode: 'none', Mounts: [{ Type: 'volume', Source: volume, Target: '/v' }] },
    })
    try {
      await made.start()
      await made.wait()
      return (await made.logs({ stdout: true, stderr: true, follow: false })).subarray(8).toString('utf8').trim()
    } finally {
      await made.remove({ force: true })
    }
  }
  const hashOf = (name: string) =>
    inVolume(
      `console.log(require('crypto').createHash('sha256').update(require('fs').readFileSync('/v/${name}')).digest('hex'))`,
    )
  /** Waits in the running copy for a moment, then ends it as a killed panel would be: its helper goes on. */
  const copiedSome = async () => {
    const signal = new AbortController().signal
    for await (const { copiedBytes } of copies.watch(serviceId, target, signal)) if (copiedBytes > 0) return copiedBytes
    return 0
  }

  beforeAll(async () => {
    project = await composeProject(docker)
    folder = project.at('models')
    await mkdir(path.join(folder, 'checkpoints', 'empty folder'), { recursive: true })
    await writeFile(path.join(folder, 'checkpoints', `it's $(echo) ;"big" &.safetensors`), big)
    await writeFile(path.join(folder, 'big.safetensors'), big)
    await writeFile(path.join(folder, 'put_here.txt'), '')
    engine = createEngine({
      address: { read: () => docker.host, write: () => undefined },
      composeProgram: () => Promise.resolve(null),
      reportBug: (error) => {
        throw error
      },
    })
    container = await standIn({
      Labels: { 'com.docker.compose.project': project.name, 'com.docker.compose.service': 'qwen' },
      HostConfig: { NetworkMode: 'none', Binds: [`${folder}:${target}`] },
    })
    await container.start()
    room = plenty
    copies = await open()
    await until('its container', () => engine.containers().some(({ id }) => id === container.id))
  })
  beforeEach(async () => {
    await copies.close()
    room = plenty
    copies = await open()
  })
  afterAll(async () => {
    await copies.close()
    await engine.close()
    for (const { Id } of await helpers()) await docker.client.getContainer(Id).remove({ force: true })
    await container.remove({ force: true })
    await docker.client
      .getVolume(volume)
      .remove()
      .catch(() => undefined)
    await project.remove()
  })

  test('are seen, and read inside the container, with what the cache may have given', async () => {
    expect(await copies.foldersOf(serviceId)).toEqual([
      { target, source: folder, reading: null, copy: null, isSwitched: false },
    ])
    const reading = await copies.measure(serviceId, target, new AbortController().signal)
    expect(reading?.mbPerS).toBeGreaterThan(0.1)
    expect(reading?.bytes).toBe(big.length)
    expect((await copies.foldersOf(serviceId))[0]?.reading).toEqual(reading)
    await expect(copies.measure(serviceId, '/etc', new AbortController().signal)).rejects.toMatchObject({
      id: 'models.not-on-drive',
    })
    await expect(copies.measure(serviceId, target, AbortSignal.abort())).rejects.toBeDefined()
  })

  test('are read by node or Python where there is no dd, and unknown where there is nothing', long, async () => {
    const without = async (PATH: string, link?: string) => {
      const made = await standIn({
        Env: [`PATH=${PATH}`],
        HostConfig: { NetworkMode: 'none', Binds: [`${folder}:${target}:ro`, ...(link ? [link] : [])] },
      })
      await made.start()
      try {
        return await measureReading(engine, made.id, target, { mostMiB: 2, timeoutMs: 20_000 })
      } finally {
        await made.remove({ force: true })
      }
    }
    const read = await without('/only', `${process.execPath}:/only/node:ro`)
    expect(read).toMatchObject({ bytes: 2 * mib, passedCache: false })
    expect(await without('/nothing')).toBeNull()
  })

  test('do not fit: nothing is copied, and both figures are told', async () => {
    room = { leastBytes: mib, mostBytes: mib, where: '/var/lib/docker' }
    const ended = await begin()
    expect(ended).toMatchObject({ state: 'failed', copiedBytes: 0, reason: { problem: 'models.no-room' } })
    expect(await inVolume(`console.log(require('fs').readdirSync('/v').length)`)).toBe('0')
    expect(copies.copiesOf(serviceId)).toEqual([])
    expect(await helpers()).toEqual([])
  })

  test('a cancelled copy keeps what is whole, and the next one goes on from there', async () => {
    await begin(false)
    await expect(begin()).rejects.toMatchObject({ id: 'models.busy' })
    const some = await copiedSome()
    const cancelled = await copies.cancel(serviceId, target)
    expect(cancelled.state).toBe('cancelled')
    expect(cancelled.copiedBytes).toBeGreaterThanOrEqual(some)
    expect(copies.copiesOf(serviceId)).toEqual([])
    expect(await helpers()).toEqual([])
    await expect(copies.cancel(serviceId, target)).rejects.toMatchObject({ id: 'models.not-copying' })
  })

  test('a panel that ended in the middle leaves no helper, and goes on; a copy that was damaged meanwhile is found', async () => {
    await begin(false)
    await copiedSome()
    await copies.close()
    expect(await helpers()).toEqual([])
    // What a killed panel leaves: a helper of this copy that nobody waits for.
    const kept = JSON.parse(await readFile(project.at('models-copies.json'), 'utf8')) as { copies: { id: string }[] }
    const Mounts = [{ Type: 'volume' as const, Source: volume, Target: '/regie-to' }]
    await standIn({ Labels: { [helperLabel]: kept.copies[0]?.id ?? '' }, HostConfig: { NetworkMode: 'none', Mounts } })
    copies = await open()
    await until('its removal', async () => (await helpers()).length === 0)
    const [left] = await copies.foldersOf(serviceId)
    expect(left?.copy?.state).toBe('interrupted')
    // The first piece of the first file, as a bad disk would.
    await inVolume(
      `const fs=require('fs');const f=fs.openSync('/v/big.safetensors','r+');fs.writeSync(f,Buffer.from([1,2,3,4,5,6,7,8]),0,8,100)`,
    )
    const ended = await begin()
    expect(ended).toMatchObject({
      state: 'failed',
      reason: { problem: 'models.differs', params: { name: 'big.safetensors' } },
    })
    expect(copies.copiesOf(serviceId)).toEqual([])
  })

  test('is whole at last: each file byte for byte, empty ones and folders too, writable to all, the originals untouched', async () => {
    const before = await readFile(path.join(folder, 'big.safetensors'))
    const told: ModelsMove[] = []
    await begin(false)
    for await (const move of copies.watch(serviceId, target, new AbortController().signal)) told.push(move)
    expect(told.at(-1)).toMatchObject({ state: 'copied', files: 3, modelsBefore: ['big.safetensors'] })
    expect(told.at(-1)?.verifiedBytes).toBe(2 * big.length)
    expect(told.map(({ state }) => state)).toContain('verifying')
    const hash = createHash('sha256').update(big).digest('hex')
    expect(await hashOf('big.safetensors')).toBe(hash)
    expect(await hashOf(`checkpoints/it\\'s $(echo) ;"big" &.safetensors`)).toBe(hash)
    const modes = `const fs=require('fs');console.log(['/v','/v/checkpoints/empty folder','/v/put_here.txt'].map(f=>(fs.statSync(f).mode&0o777).toString(8)).join())`
    expect(await inVolume(modes)).toBe('777,777,666')
    expect((await readFile(path.join(folder, 'big.safetensors'))).equals(before)).toBe(true)
    expect(copies.copiesOf(serviceId)).toEqual([{ target, volume }])
    expect(await helpers()).toEqual([])
    expect(audited.slice(-2)).toEqual(['models.copy-started', 'models.copy-ended'])
    await expect(copies.prove(serviceId, target, new AbortController().signal)).rejects.toMatchObject({
      id: 'models.not-switched',
    })
  })

  test('are proved once the container mounts the volume, and their originals are still named', async () => {
    const former = container
    container = await standIn({
      HostConfig: { NetworkMode: 'none', Mounts: [{ Type: 'volume', Source: volume, Target: target }] },
    })
    try {
      await container.start()
      const [now] = await copies.foldersOf(serviceId)
      expect(now).toMatchObject({ isSwitched: true, source: folder, copy: { state: 'copied' } })
      const proof = await copies.prove(serviceId, target, new AbortController().signal)
      expect(proof).toMatchObject({ before: 1, now: 1, missing: [] })
    } finally {
      await container.remove({ force: true })
      container = former
    }
  })

  test('what changed since is copied anew, and only that; links are refused by name', async () => {
    const file = path.join(folder, 'put_here.txt')
    await writeFile(file, 'new')
    await utimes(file, new Date(), new Date(Date.now() + 5000))
    expect(await begin()).toMatchObject({ state: 'copied', files: 3 })
    expect(await inVolume(`console.log(require('fs').readFileSync('/v/put_here.txt','utf8'))`)).toBe('new')
    await symlink('/etc/passwd', path.join(folder, 'link.safetensors'))
    expect(await begin()).toMatchObject({
      state: 'failed',
      reason: { problem: 'models.link', params: { name: 'link.safetensors' } },
    })
    await rm(path.join(folder, 'link.safetensors'))
  })

  test('neither a foreign volume of that name nor a helper is ever taken for ours or for waste', async () => {
    const other = `other-${serviceId}`
    const taken = volumeNameOf(other, target)
    await docker.client.createVolume({ Name: taken })
    try {
      const ended = await copies.begin(other, target, { who: 'owner', waits: true })
      expect(ended).toMatchObject({ state: 'failed', reason: { problem: 'models.volume-taken' } })
    } finally {
      await docker.client.getVolume(taken).remove()
    }
    const helper = {
      ...{ id: 'h', name: 'h', image: 'x', imageId: 'x', state: 'exited', createdAt: 1, writtenBytes: 0 },
      labels: { [helperLabel]: 'x' },
    }
    const nobody = {
      ...{ named: [], unread: [], ownContainers: new Set<string>() },
      ...{ keptUntil: new Map<string, null>(), letGo: new Set<string>() },
    }
    expect(decideRoom({ images: [], containers: [helper], cache: null }, nobody, Date.now()).items).toEqual([])
  })
})
