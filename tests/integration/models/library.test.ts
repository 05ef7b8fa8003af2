import { createHash } from 'node:crypto'
import { existsSync, statSync } from 'node:fs'
import {
  appendFile,
  chmod,
  link,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import type { Models, WantedModel } from '../../../electron/models'
import { putModel, safetensors, shapesOf } from '../../support/model-files'
import { startModels } from '../../support/model-library'
import { until } from '../../support/until'

type Started = Awaited<ReturnType<typeof startModels>>
let started: Started | null = null
const opened: Models[] = []

async function start(...args: Parameters<typeof startModels>): Promise<Started> {
  started = await startModels(...args)
  return started
}
async function open({ open: make }: Started): Promise<Models> {
  const models = await make()
  opened.push(models)
  await models.library.scan()
  await models.library.settled()
  return models
}
afterEach(async () => {
  for (const models of opened.splice(0)) await models.close()
  expect(started?.bugs ?? []).toEqual([])
  await started?.remove()
  started = null
})

const both = { 'comfyui-a': 'comfyui', 'forge-b': 'forge' } as const
const checkpoints = 'comfyui-a/models/checkpoints'
const stable = 'forge-b/models/Stable-diffusion'
const sha = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
const fileOf = ({ library }: Models, name: string) => {
  const found = library.files().find((file) => file.name === name)
  if (!found) throw new Error(`no ${name}`)
  return found
}
const hashed = async (models: Models) => {
  models.library.hashing.start()
  await until('all is hashed', () => models.library.hashing.status().state === 'idle')
}

describe('what lies where', () => {
  test('files with family, size, and who can load them', async () => {
    const here = await start(both)
    await putModel(here.root, `${checkpoints}/xl/one.safetensors`, safetensors(shapesOf.sdxl))
    await putModel(here.root, 'comfyui-a/models/loras/z.safetensors', safetensors(shapesOf.zImage))
    await putModel(here.root, `${stable}/q.safetensors`, safetensors(shapesOf.qwen))
    await putModel(here.root, `${stable}/old.ckpt`, Buffer.from('anything'))
    await putModel(here.root, `${stable}/torn.safetensors`, safetensors(shapesOf.sdxl).subarray(0, 40))
    await putModel(here.root, `${stable}/notes.txt`, Buffer.from('no model'))
    const models = await open(here)
    const shown = models.library.files().map(({ name, family, header, runsCode, services }) => ({
      ...{ name, family, header, runsCode },
      services: services.map(({ id, loads }) => `${id} ${loads}`),
    }))
    expect(shown.sort((a, b) => (a.name < b.name ? -1 : 1))).toEqual([
      { name: 'old.ckpt', family: null, header: 'none', runsCode: true, services: ['forge-b yes'] },
      {
        name: 'q.safetensors',
        family: 'qwen-image',
        header: 'read',
        runsCode: false,
        services: ['forge-b other-family'],
      },
      { name: 'torn.safetensors', family: null, header: 'refused', runsCode: false, services: ['forge-b unknown'] },
      { name: 'xl/one.safetensors', family: 'sdxl', header: 'read', runsCode: false, services: ['comfyui-a yes'] },
      {
        name: 'z.safetensors',
        family: 'z-image',
        header: 'read',
        runsCode: false,
        services: ['comfyui-a wrong-folder'],
      },
    ])
    const { disks, folders, families } = await models.library.overview()
    expect(disks).toHaveLength(1)
    expect(folders.map(({ folder }) => folder).sort()).toEqual(['Stable-diffusion', 'checkpoints', 'loras'])
    expect(families.map(({ id }) => id)).toEqual(['z-image', 'qwen-image', 'sdxl', null])
  })

  test('one file behind links and in a circle of folders is one file', async () => {
    const here = await start(both)
    const one = await putModel(here.root, `${checkpoints}/one.safetensors`, safetensors(shapesOf.sdxl))
    await putModel(here.root, `${stable}/keep.txt`, Buffer.from(''))
    await link(one, here.at(stable, 'same.safetensors'))
    await symlink(here.at(checkpoints), here.at(checkpoints, 'round'))
    const models = await open(here)
    expect(models.library.files()).toHaveLength(1)
    expect(models.library.files()[0]).toMatchObject({ names: 2, copies: 0 })
    expect(
      models.library
        .files()[0]
        ?.services.map(({ id }) => id)
        .sort(),
    ).toEqual(['comfyui-a', 'forge-b'])
  })

  test('a folder that may not be read is told', async ({ skip }) => {
    if (process.getuid?.() === 0) skip('this user may read everything')
    const here = await start(both)
    await putModel(here.root, `${checkpoints}/one.safetensors`, safetensors(shapesOf.sdxl))
    await chmod(here.at(checkpoints), 0)
    const models = await open(here)
    expect((await models.library.overview()).folders).toMatchObject([{ state: 'unreadable' }])
    await chmod(here.at(checkpoints), 0o700)
  })

  test('when files were used last, by records', async () => {
    const here = await start(both, {
      modelUse: () => [
        { serviceId: 'comfyui-a', name: 'xl\\one.safetensors', at: 5 },
        { serviceId: 'forge-b', name: 'two.safetensors [0123abcd]', at: 7 },
      ],
    })
    await putModel(here.root, `${checkpoints}/xl/one.safetensors`, safetensors(shapesOf.sdxl))
    await putModel(here.root, `${stable}/two.safetensors`, safetensors(shapesOf.sd15))
    await putModel(here.root, `${stable}/three.safetensors`, safetensors(shapesOf.sd15, { seed: 3 }))
    await putModel(here.root, 'forge-b/models/VAE/v.safetensors', safetensors(shapesOf.vaeFlux))
    const models = await open(here)
    const use = (name: string) => [fileOf(models, name).use, fileOf(models, name).usedAt]
    expect(use('xl/one.safetensors')).toEqual(['used', 5])
    expect(use('two.safetensors')).toEqual(['used', 7])
    expect(use('three.safetensors')).toEqual(['no-record', null])
    expect(use('v.safetensors')).toEqual(['unknown', null])
  })
})

describe('hashes', () => {
  test('each file once, also over a restart; what is written to is hashed again', async () => {
    const here = await start(both)
    const bytes = safetensors(shapesOf.sdxl)
    const file = await putModel(here.root, `${checkpoints}/one.safetensors`, bytes)
    const first = await open(here)
    await hashed(first)
    expect(fileOf(first, 'one.safetensors').sha256).toBe(sha(bytes))
    await first.close()
    opened.pop()
    const second = await open(here)
    expect(fileOf(second, 'one.safetensors').sha256).toBe(sha(bytes))
    await appendFile(file, 'more')
    await second.library.scan()
    expect(fileOf(second, 'one.safetensors').sha256).toBeNull()
  })

  test('goes on after a restart where it was, and stops when it is told to', async () => {
    const here = await start(both, { hashBytesPerS: 2e6 })
    for (const at of [1, 2, 3]) await putModel(here.root, `${checkpoints}/${at}.bin`, Buffer.alloc(1_500_000, at))
    const first = await open(here)
    first.library.hashing.start()
    await until('one is hashed', () => first.library.hashing.status().hashed >= 1)
    await first.close()
    opened.pop()
    const second = await open(here)
    expect(second.library.hashing.status().hashed).toBeGreaterThanOrEqual(1)
    await until('it goes on', () => second.library.hashing.status().state !== 'paused')
    await until('another is hashed', () => second.library.hashing.status().hashed >= 2)
    await second.library.hashing.stop()
    expect(second.library.hashing.status().state).toBe('idle')
  })
})

describe('copies', () => {
  const withCopies = async (options: Parameters<typeof startModels>[1] = {}) => {
    const here = await start(both, options)
    const bytes = safetensors(shapesOf.sdxl)
    await putModel(here.root, `${checkpoints}/one.safetensors`, bytes)
    await putModel(here.root, `${stable}/two.safetensors`, bytes)
    const models = await open(here)
    await hashed(models)
    return { here, models, bytes }
  }
  const signal = new AbortController().signal

  test('are found by their hashes, and become one file by a hard link that can be undone', async () => {
    const { here, models, bytes } = await withCopies()
    const one = fileOf(models, 'one.safetensors')
    expect(one.copies).toBe(1)
    expect((await models.library.overview()).duplicates).toEqual({ files: 1, bytes: bytes.length })
    const plan = await models.changing.sharing(one.id)
    expect(plan).toMatchObject({ frees: bytes.length, others: [{ reason: null }] })
    expect(plan.folders).toEqual([
      {
        ...{ serviceId: 'forge-b', form: 'arguments', at: null, mounts: null, inspect: null, left: [] },
        lines: `--ckpt-dir\n${here.at(checkpoints)}`,
      },
    ])
    const done = await models.changing.share(
      one.id,
      plan.others.map(({ id }) => id),
      'me',
      signal,
    )
    expect(done).toMatchObject({ freedBytes: bytes.length, files: [{ reason: null }] })
    const inode = async (name: string) => (await stat(here.at(name))).ino
    expect(await inode(`${checkpoints}/one.safetensors`)).toBe(await inode(`${stable}/two.safetensors`))
    expect(models.library.files()).toHaveLength(1)
    expect(here.audited.map(({ action }) => action)).toEqual(['models.share'])

    const [shared] = models.library.files()
    await models.changing.separate(shared?.id ?? '', here.at(stable, 'two.safetensors'), 'me', signal)
    expect(await inode(`${checkpoints}/one.safetensors`)).not.toBe(await inode(`${stable}/two.safetensors`))
    expect(await readFile(here.at(stable, 'two.safetensors'))).toEqual(bytes)
  })

  test('may be left away by a folder in common, unless its service would lose files by that', async () => {
    const here = await start(both)
    const bytes = safetensors(shapesOf.loraSdxl)
    const loras = 'comfyui-a/models/loras'
    await putModel(here.root, `${loras}/one.safetensors`, bytes)
    await putModel(here.root, 'comfyui-a/models/vae/v.safetensors', safetensors(shapesOf.vaeFlux))
    await putModel(here.root, 'forge-b/models/Lora/one.safetensors', bytes)
    await putModel(here.root, 'forge-b/models/Lora/gone.safetensors.regie-removed', bytes)
    const models = await open(here)
    await hashed(models)
    const offer = async () => {
      const { id } = fileOf(models, 'one.safetensors')
      return (await models.changing.sharing(id)).folders
    }
    // Its only other file was removed before.
    expect(await offer()).toMatchObject([
      { lines: ['--lora-dir', here.at(loras), '--vae-dir', here.at('comfyui-a/models/vae')].join('\n'), left: [] },
    ])
    await putModel(here.root, 'forge-b/models/Lora/own.safetensors', safetensors(shapesOf.loraSdxl, { seed: 1 }))
    await models.library.scan()
    expect(await offer()).toMatchObject([
      {
        lines: `--vae-dir\n${here.at('comfyui-a/models/vae')}`,
        left: [{ path: here.at(loras), reason: { problem: 'library.replaces', params: { count: 1 } } }],
      },
    ])
    await putModel(here.root, `${loras}/own.safetensors`, safetensors(shapesOf.loraSdxl, { seed: 1 }))
    await models.library.scan()
    await hashed(models)
    expect(await offer()).toMatchObject([{ left: [] }])
  })

  test('stay where the service works, or nobody can tell', async () => {
    let load: 'free' | 'busy' | 'unknown' = 'free'
    const { models } = await withCopies({ loadOf: () => Promise.resolve(load) })
    const one = fileOf(models, 'one.safetensors')
    const { others } = await models.changing.sharing(one.id)
    for (const [now, id] of [
      ['busy', 'library.in-use'],
      ['unknown', 'library.may-be-in-use'],
    ] as const) {
      load = now
      const ids = others.map((other) => other.id)
      await expect(models.changing.share(one.id, ids, 'me', signal)).rejects.toMatchObject({ id })
      await expect(models.changing.remove(one.id, 'me')).rejects.toMatchObject({ id })
    }
  })

  test('stay where they are not the same any more, though size and hash were', async () => {
    const { models, bytes } = await withCopies()
    const one = fileOf(models, 'one.safetensors')
    const { others, keep } = await models.changing.sharing(one.id)
    const other = others[0]?.path ?? ''
    // Same size, another content, and the time put back: only reading it again tells.
    const { atime, mtime } = await stat(other)
    await writeFile(other, Buffer.concat([bytes.subarray(0, -1), Buffer.from([7])]))
    await utimes(other, atime, mtime)
    const done = await models.changing.share(
      keep.id,
      others.map(({ id }) => id),
      'me',
      signal,
    )
    expect(done.freedBytes).toBe(0)
    expect(done.files[0]?.reason?.problem).toMatch(/^library\.(?:differs|gone)$/)
    expect(await readFile(other)).not.toEqual(bytes)
  })

  test('stay where the file system refuses links, and the reason is told', async () => {
    const refuse = (code: string) => () => Promise.reject(Object.assign(new Error(code), { code }))
    for (const [code, problem] of [
      ['EXDEV', 'library.other-disk'],
      ['EPERM', 'library.no-links'],
      ['EACCES', 'library.read-only'],
    ] as const) {
      const { models, here } = await withCopies({ linkFile: refuse(code) })
      const plan = await models.changing.sharing(fileOf(models, 'one.safetensors').id)
      expect(plan).toMatchObject({ frees: 0, others: [{ reason: { problem } }] })
      await opened.pop()?.close()
      await here.remove()
      started = null
    }
  })

  const otherDisk = '/dev/shm'
  const isOther = existsSync(otherDisk) && statSync(otherDisk).dev !== statSync(os.tmpdir()).dev
  test.skipIf(!isOther)('stay on two file systems, with the reason, and nothing is left on either', async () => {
    const away = await mkdtemp(path.join(otherDisk, 'regie-models-'))
    try {
      const here = await start(both)
      const bytes = safetensors(shapesOf.sdxl)
      await putModel(here.root, `${checkpoints}/one.safetensors`, bytes)
      await writeFile(path.join(away, 'two.safetensors'), bytes)
      await symlink(away, here.at(stable))
      const models = await open(here)
      await hashed(models)
      const one = fileOf(models, 'one.safetensors')
      const plan = await models.changing.sharing(one.id)
      expect(plan).toMatchObject({ frees: 0, others: [{ reason: { problem: 'library.other-disk' } }] })
      const ids = plan.others.map(({ id }) => id)
      const done = await models.changing.share(one.id, ids, 'me', signal)
      expect(done).toMatchObject({ freedBytes: 0, files: [{ reason: { problem: 'library.other-disk' } }] })
      expect([await readdir(away), await readdir(here.at(checkpoints))]).toEqual([
        ['two.safetensors'],
        ['one.safetensors'],
      ])
      expect((await models.library.overview()).disks).toHaveLength(2)
    } finally {
      await rm(away, { recursive: true, force: true })
    }
  })

  test('nothing is left of what was tried', async () => {
    const { here, models } = await withCopies()
    await models.changing.sharing(fileOf(models, 'one.safetensors').id)
    expect(await readdir(here.at(checkpoints))).toEqual(['one.safetensors'])
    expect(await readdir(here.at(stable))).toEqual(['two.safetensors'])
  })
})

describe('what is missing', () => {
  const wanting = (more: Partial<WantedModel>): WantedModel => ({
    ...{ name: 'ae.safetensors', folder: 'models/vae', role: 'vae', bytes: null, url: null, serviceId: null },
    by: { kind: 'workflow', name: 'One' },
    ...more,
  })

  test('is told once with all who name it, its size and address, below its family', async () => {
    const url = 'https://hub.test/ae.safetensors'
    const wanted = [
      wanting({}),
      wanting({ name: 'sub/AE.safetensors', bytes: 5, url, by: { kind: 'preset', name: 'Two' } }),
      wanting({ name: 'one [0123456789]', folder: '', role: 'checkpoint', serviceId: 'comfyui-a' }),
      wanting({ name: 'flux-gone.safetensors', folder: '', role: 'checkpoint', serviceId: 'comfyui-a' }),
    ]
    const here = await start(both, { wanted: () => Promise.resolve(wanted) })
    await putModel(here.root, `${checkpoints}/one.safetensors`, safetensors(shapesOf.sdxl))
    const models = await open(here)
    const { missing, families } = await models.library.overview()
    const by = [
      { kind: 'workflow', name: 'One' },
      { kind: 'preset', name: 'Two' },
    ]
    expect(missing).toEqual([
      { name: 'ae.safetensors', folder: 'vae', role: 'vae', family: null, bytes: 5, url, by },
      expect.objectContaining({ name: 'flux-gone.safetensors', family: 'flux', url: null }),
    ])
    expect(families.map(({ id, files }) => [id, files])).toEqual([
      ['flux', 0],
      ['sdxl', 1],
      [null, 0],
    ])
    await putModel(here.root, 'comfyui-a/models/vae/ae.safetensors', safetensors(shapesOf.vaeFlux))
    await models.library.scan()
    expect((await models.library.overview()).missing.map(({ name }) => name)).toEqual(['flux-gone.safetensors'])
  })

  test('is not told of a service whose folders nobody can look into', async () => {
    const wanted = [wanting({}), wanting({ name: 'b.safetensors', serviceId: 'elsewhere' })]
    const here = await start({ 'forge-b': 'forge' }, { wanted: () => Promise.resolve(wanted) })
    await putModel(here.root, `${stable}/one.safetensors`, safetensors(shapesOf.sdxl))
    expect((await (await open(here)).library.overview()).missing).toEqual([])
  })
})

describe('removal', () => {
  test.skipIf(process.platform === 'win32')('touches nothing that a link has called a model', async () => {
    const here = await start(both)
    const own = await putModel(here.root, 'private/notes.txt', Buffer.from('mine'))
    await putModel(here.root, `${checkpoints}/one.safetensors`, safetensors(shapesOf.sdxl))
    await symlink(own, here.at(checkpoints, 'two.safetensors'))
    await symlink(own, here.at(checkpoints, 'three.safetensors.regie-removed'))
    const models = await open(here)
    expect(models.library.files().filter(({ removed }) => removed)).toEqual([])
    await expect(models.changing.remove(fileOf(models, 'two.safetensors').id, 'me')).rejects.toMatchObject({
      id: 'library.link',
    })
    expect(await readFile(own, 'utf8')).toBe('mine')
  })

  test('takes a file from its services, gives it back, and erases it only after that', async () => {
    const here = await start(both)
    const bytes = safetensors(shapesOf.sdxl)
    const file = await putModel(here.root, `${checkpoints}/one.safetensors`, bytes)
    const models = await open(here)
    const id = () => models.library.files()[0]?.id ?? ''
    await expect(models.changing.erase(id(), 'me')).rejects.toMatchObject({ id: 'library.not-removed' })
    await models.changing.remove(id(), 'me')
    await expect(stat(file)).rejects.toMatchObject({ code: 'ENOENT' })
    expect(models.library.files()).toMatchObject([{ removed: true, services: [] }])
    expect(await readFile(`${file}.regie-removed`)).toEqual(bytes)

    await models.changing.restore(id(), 'me')
    expect(await readFile(file)).toEqual(bytes)

    await models.changing.remove(id(), 'me')
    await putModel(here.root, `${checkpoints}/one.safetensors`, Buffer.from('another'))
    await models.library.scan()
    const aside = models.library.files().find(({ removed }) => removed)
    await expect(models.changing.restore(aside?.id ?? '', 'me')).rejects.toMatchObject({ id: 'library.taken' })
    expect(await readFile(file, 'utf8')).toBe('another')

    await models.changing.erase(aside?.id ?? '', 'me')
    await expect(stat(`${file}.regie-removed`)).rejects.toMatchObject({ code: 'ENOENT' })
    expect(here.audited.map(({ action }) => action)).toEqual([
      ...['models.remove', 'models.restore', 'models.remove', 'models.erase'],
    ])
  })

  test('of a file that has changed since it was listed does nothing', async () => {
    const here = await start(both)
    const file = await putModel(here.root, `${checkpoints}/one.safetensors`, safetensors(shapesOf.sdxl))
    const models = await open(here)
    const [{ id } = { id: '' }] = models.library.files()
    await appendFile(file, 'more')
    await expect(models.changing.remove(id, 'me')).rejects.toMatchObject({ id: 'library.gone' })
    await rm(file)
    await expect(models.changing.remove(id, 'me')).rejects.toMatchObject({ id: 'library.gone' })
    expect(here.audited).toEqual([])
  })
})
