import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { Readable } from 'node:stream'
import type Dockerode from 'dockerode'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { RoomRemoval } from '../../../shared/contract'
import { createEngine } from '../../../electron/docker/create-engine'
import type { KnownNeeds } from '../../../electron/docker/room/decide'
import { createRoom, type Room } from '../../../electron/docker/room/room'
import { clientFor } from '../../support/docker/engine'
import { ownEngine, ownEngineMissing, type OwnEngine } from '../../support/docker/own-engine'
import { long } from '../../support/long'
import { until } from '../../support/until'

const missing = ownEngineMissing()
if (missing !== null) console.log(`Skipped: room in an engine of its own (${missing})`)

/** Two hours on: what the tests make is no longer young. */
const later = () => Date.now() + 2 * 60 * 60_000

describe.skipIf(missing !== null)('what nothing needs any more', () => {
  let own: OwnEngine
  let docker: Dockerode
  let engine: ReturnType<typeof createEngine>
  let room: Room
  let needs: KnownNeeds
  const audited: { action: string; details: Record<string, string | number> }[] = []
  /** The audit log as it fails; null: it is well. */
  let auditFails: Error | null = null

  beforeAll(async () => {
    own = await ownEngine()
    await own.start()
    docker = clientFor(own.host)
    needs = { named: [], unread: [], ownContainers: new Set(), keptUntil: new Map(), letGo: new Set() }
    engine = createEngine({
      address: { read: () => own.host, write: () => undefined },
      composeProgram: () => Promise.resolve(null),
      reportBug: (error) => {
        throw error
      },
    })
    await until('the engine', () => engine.status().state === 'connected')
    room = createRoom({
      engine,
      needs: () => Promise.resolve(needs),
      auditFirst: ({ action, details = {} }) => {
        if (auditFails) return Promise.reject(auditFails)
        audited.push({ action, details })
        return Promise.resolve()
      },
      reportBug: (error) => {
        throw error
      },
      now: later,
    })
  })
  afterAll(async () => {
    await room.close()
    await engine.close()
    await own.remove()
  })

  /** An image of one file; with the same name the one before it is left without. */
  async function imageOf(name: string, text: string): Promise<string> {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'regie-room-'))
    try {
      mkdirSync(path.join(folder, 'data'))
      writeFileSync(path.join(folder, 'data', 'text'), text.repeat(1000))
      const { stdout } = spawnSync('tar', ['-C', folder, '-c', '.'])
      const [repo = '', tag = 'latest'] = name.split(':')
      const answer = await docker.importImage(Readable.from([stdout]), { repo, tag })
      await new Promise((resolve, reject) => {
        docker.modem.followProgress(answer, (error) => (error ? reject(error) : resolve(null)))
      })
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
    return (await docker.getImage(name).inspect()).Id
  }
  const containerOf = (Image: string, more: Dockerode.ContainerCreateOptions = {}) =>
    docker.createContainer({ Image, Cmd: ['/nothing'], ...more })
  const offered = async () => (await room.report()).items
  const states = ({ items }: RoomRemoval) =>
    items.map(({ name, state, reason }) => [name, state, reason?.problem ?? null])

  test('an image without a name is offered with its size, and removed; the one that took its name stays', async () => {
    const former = await imageOf('regie-room-a:1', 'former')
    const latest = await imageOf('regie-room-a:1', 'latest')
    needs = { ...needs, named: ['regie-room-a:1'] }
    const [item] = await offered()
    expect(item).toMatchObject({ id: `image:${former}`, why: 'dangling' })
    expect(item?.freesBytes).toBeGreaterThan(1000)
    const removal = await room.remove([`image:${former}`], 'owner', { waits: true })
    expect(removal).toMatchObject({ state: 'done', items: [{ state: 'removed' }] })
    expect((await docker.listImages({ all: true })).map(({ Id }) => Id)).toEqual([latest])
    expect(audited.slice(-2)).toMatchObject([
      { action: 'docker.room-removal', details: { count: 1 } },
      { action: 'docker.room-removed', details: { removed: 1, kept: 0 } },
    ])
    expect(await offered()).toEqual([])
  })

  test('a stopped container goes alone: its volumes stay, also those without a name', async () => {
    await imageOf('regie-room-b:1', 'b')
    const left = await containerOf('regie-room-b:1', { name: 'regie-room-left', Volumes: { '/models': {} } })
    const project = { 'com.docker.compose.project': 'x', 'com.docker.compose.service': 'y' }
    const ofProject = await containerOf('regie-room-b:1', { Labels: project })
    const before = (await docker.listVolumes()).Volumes.length
    expect(before).toBeGreaterThan(0)
    expect((await offered()).map((item) => item.id)).toEqual([`container:${left.id}`])
    const removal = await room.remove([`container:${left.id}`], 'owner', { waits: true })
    expect(states(removal)).toEqual([['regie-room-left', 'removed', null]])
    expect((await docker.listVolumes()).Volumes).toHaveLength(before)
    expect((await docker.listContainers({ all: true })).map(({ Id }) => Id)).toEqual([ofProject.id])
    await ofProject.remove()
  })

  test('what came into use since it was shown is kept, and what is gone is told', async () => {
    const used = await imageOf('regie-room-c:1', 'c')
    const gone = await imageOf('regie-room-d:1', 'd')
    const named = await imageOf('regie-room-e:1', 'e')
    const ids = [used, gone, named].map((id) => `image:${id}`)
    expect((await offered()).map((item) => item.id)).toEqual(expect.arrayContaining(ids))
    const user = await containerOf('regie-room-c:1', { Labels: { 'com.docker.compose.project': 'x' } })
    await docker.getImage(gone).remove()
    needs = { ...needs, named: [...needs.named, 'regie-room-e:1'] }
    const removal = await room.remove(ids, 'owner', { waits: true })
    expect(states(removal)).toEqual([
      ['regie-room-c:1', 'kept', 'room.in-use'],
      ['regie-room-d:1', 'kept', 'room.gone'],
      ['regie-room-e:1', 'kept', 'room.in-use'],
    ])
    await expect(docker.getImage(used).inspect()).resolves.toBeDefined()
    await expect(docker.getImage(named).inspect()).resolves.toBeDefined()
    await user.remove()
  })

  test('nothing is removed that was not offered, nor while the audit log cannot be written', async () => {
    const running = await imageOf('regie-room-f:1', 'f')
    needs = { ...needs, named: [...needs.named, 'regie-room-f:1'] }
    await expect(room.remove([`image:${running}`], 'owner', { waits: true })).rejects.toMatchObject({
      id: 'room.not-offered',
    })
    needs = { ...needs, named: needs.named.filter((name) => name !== 'regie-room-f:1') }
    await offered()
    auditFails = new Error('disk full')
    await expect(room.remove([`image:${running}`], 'owner', { waits: true })).rejects.toThrow('disk full')
    auditFails = null
    await expect(docker.getImage(running).inspect()).resolves.toBeDefined()
  })

  test('several are removed one by one, told as they go; a cancel leaves the rest', long, async () => {
    const ids: string[] = []
    for (let at = 0; at < 5; at++) ids.push(`image:${await imageOf(`regie-room-many:${at}`, `many ${at}`)}`)
    await offered()
    const begun = await room.remove(ids, 'owner', { waits: false })
    expect(begun.state).toBe('running')
    await expect(room.remove(ids, 'owner', { waits: false })).rejects.toMatchObject({ id: 'room.busy' })
    const seen: string[] = []
    for await (const { items } of room.watch(new AbortController().signal)) {
      seen.push(items.map(({ state }) => state).join(' '))
      if (items[0]?.state === 'removed') break
    }
    const ended = await room.cancel()
    expect(seen.length).toBeGreaterThan(1)
    expect(ended.state).toBe('cancelled')
    const removed = ended.items.filter(({ state }) => state === 'removed').length
    const waiting = ended.items.filter(({ state }) => state === 'waiting').length
    expect(removed).toBeGreaterThan(0)
    expect(removed + waiting).toBe(5)
    const left = (await docker.listImages()).filter(({ RepoTags }) => RepoTags?.[0]?.startsWith('regie-room-many'))
    expect(left).toHaveLength(waiting)
    await expect(room.cancel()).rejects.toMatchObject({ id: 'room.not-running' })
  })

  test('an image is taken with what it alone was built on, and what others need of that stays', long, async () => {
    const base = await imageOf('regie-room-base:1', 'base')
    const child = async (name: string) => {
      const made = await containerOf(base)
      const { Id } = (await made.commit({ repo: name, tag: '1' })) as { Id: string }
      await made.remove()
      return Id
    }
    const first = await child('regie-room-first')
    await imageOf('regie-room-base:1', 'newer base')
    expect((await offered()).map((item) => item.id)).not.toContain(`image:${base}`)
    const second = await child('regie-room-second')
    await room.report()
    await room.remove([`image:${first}`], 'owner', { waits: true })
    await expect(docker.getImage(base).inspect()).resolves.toBeDefined()
    await room.report()
    await room.remove([`image:${second}`], 'owner', { waits: true })
    await expect(docker.getImage(base).inspect()).rejects.toMatchObject({ statusCode: 404 })
  })

  test('the build cache is asked for, and an engine that is away is told', async () => {
    expect((await room.report()).cacheBytes).toBe(0)
    await own.stop()
    await until('its loss', () => engine.status().state !== 'connected')
    await expect(room.report()).rejects.toMatchObject({ id: expect.stringMatching(/^docker\./) as string })
  })
})
