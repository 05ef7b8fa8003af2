import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { AuditEvent } from '../../../electron/audit/writer'
import { openWorkflows, type WorkflowLibrary } from '../../../electron/workflows'
import { canMountSmallDisk, mountSmallDisk } from '../../support/full-disk'
import { handClock } from '../../support/hand-clock'
import { long } from '../../support/long'
import { bundlePrograms, temporaryFolder } from '../../support/programs'
import { ann, fileOf } from './support'

const day = 24 * 60 * 60_000
let temporary: Awaited<ReturnType<typeof temporaryFolder>>
let folder: string
let clock: ReturnType<typeof handClock>
let library: WorkflowLibrary
let audited: AuditEvent[]
let changes: number

const open = (
  at = folder,
  reportBug = (error: unknown): void => {
    throw error
  },
) =>
  openWorkflows({
    folder: at,
    audit: {
      append(event) {
        audited.push(event)
        return Promise.resolve()
      },
    },
    clock,
    changed: () => void (changes += 1),
    reportBug,
  })
/** As a start of the panel does. */
const reopen = async () => {
  await library.close()
  library = await open()
}
const problem = (id: string): unknown => expect.objectContaining({ id })
const filesIn = async (id: string) => (await readdir(path.join(folder, id))).sort()

beforeEach(async () => {
  temporary = await temporaryFolder()
  folder = path.join(temporary.path, 'workflows')
  clock = handClock(day)
  audited = []
  changes = 0
  library = await open()
})
afterEach(async () => {
  await library.close()
  await temporary[Symbol.asyncDispose]()
})

describe.runIf(canMountSmallDisk())('on a full disk', () => {
  it('nothing is imported, nothing stays behind, and it goes on when there is room', async () => {
    using disk = mountSmallDisk(256)
    if (!disk) throw new Error('the disk could be mounted a moment ago')
    const small = await open(disk.path)
    const { id } = await small.import(fileOf(20), ann)
    const before = await readdir(disk.path, { recursive: true })
    // There is room for the file itself, and none for what was read of it.
    const large = fileOf(30, 'Large')
    large.read.notes = ['x'.repeat(300_000)]
    await expect(small.import(large, ann)).rejects.toEqual(problem('disk.full'))
    await expect(small.import({ ...large, replaces: id }, ann)).rejects.toEqual(problem('disk.full'))
    expect(await readdir(disk.path, { recursive: true })).toEqual(before)
    expect((await small.import(fileOf(30, 'Large'), ann)).name).toBe('Large')
    expect((await small.get(id)).version).toBe(1)
    await small.close()
  })
})

describe('an imported workflow', () => {
  it('is kept with its file byte for byte, and is there after a restart', async () => {
    const { id } = await library.import(fileOf(20), ann)
    await reopen()

    expect(library.list()).toMatchObject([{ id, name: 'Portrait', format: 'api', nodes: 1, inputs: 2 }])
    expect(await library.get(id)).toMatchObject({
      version: 1,
      pinned: ['3.seed'],
      versions: [{ change: 'imported', by: 'ann' }],
    })
    const { fileName, bytes } = await library.export(id, 'file')
    expect(fileName).toBe('portrait.json')
    expect(bytes).toEqual(fileOf(20).file.bytes)
    expect((await library.toRun(id)).graph).toEqual({
      '3': { class_type: 'KSampler', inputs: { seed: 7, steps: 20 } },
    })
  })

  it('is told of and written down, without what is in it', async () => {
    const { id } = await library.import(fileOf(20), ann)
    await library.change(id, { name: 'At dusk' }, ann)
    await library.remove(id, ann)

    expect(changes).toBe(3)
    expect(audited.map(({ action }) => action)).toEqual(['workflow.imported', 'workflow.renamed', 'workflow.removed'])
    expect(audited[0]).toEqual({ who: ann.who, action: 'workflow.imported', target: id, details: { version: 1 } })
  })

  it('has a name of its own: capitals tell no two apart', async () => {
    const { id } = await library.import(fileOf(20), ann)
    const other = await library.import(fileOf(20, 'Other'), ann)

    await expect(library.import(fileOf(30, 'PORTRAIT'), ann)).rejects.toEqual(problem('workflow.name-taken'))
    await expect(library.change(other.id, { name: 'pOrTrAiT' }, ann)).rejects.toEqual(problem('workflow.name-taken'))
    // Its own name in other letters is no other's.
    expect(await library.change(id, { name: 'portrait' }, ann)).toMatchObject({ name: 'portrait', version: 1 })
    expect(library.named('PortraiT ')).toEqual({ id, version: 1 })
    expect(library.named('nobody')).toBeNull()
  })

  it('becomes a new version by another file, and not by the same', async () => {
    const { id } = await library.import(fileOf(20), ann)
    const second = await library.import(fileOf(30, 'whatever', id), ann)

    expect(second).toMatchObject({ id, name: 'Portrait', version: 2, versions: [{ version: 2 }, { version: 1 }] })
    await expect(library.import(fileOf(30, '', id), ann)).rejects.toEqual(problem('workflow.already-there'))
    expect((await library.toRun(id, 1)).form[1]?.value).toBe(20)
    await expect(library.get(id, 9)).rejects.toEqual(problem('workflow.version-unknown'))
    expect(await filesIn(id)).toHaveLength(5)
  })

  it('gets new versions by other pins and by going back, and none by what changes nothing', async () => {
    const { id } = await library.import(fileOf(20), ann)
    await library.change(id, { pinned: ['3.steps', '3.seed', '3.steps'] }, ann)
    const same = await library.change(id, { pinned: ['3.steps', '3.seed'], name: 'Portrait' }, ann)
    const back = await library.restore(id, 1, ann)

    expect(same).toMatchObject({ version: 2, pinned: ['3.steps', '3.seed'] })
    expect(back).toMatchObject({ version: 3, pinned: ['3.seed'] })
    expect(back.versions.map(({ change, fileName }) => [change, fileName])).toEqual([
      ['restored', null],
      ['pins', null],
      ['imported', 'portrait.json'],
    ])
    await expect(library.change(id, { pinned: ['4.gone'] }, ann)).rejects.toEqual(problem('workflow.input-unknown'))
    expect(audited.map(({ action }) => action)).toEqual(['workflow.imported', 'workflow.pinned', 'workflow.restored'])
  })
})

describe('a removed workflow', () => {
  it('is put back as it was, unless its name is somebody else’s by now', async () => {
    const { id } = await library.import(fileOf(20), ann)
    await library.remove(id, ann)
    expect(library.list()).toEqual([])
    await expect(library.get(id)).rejects.toEqual(problem('workflow.not-found'))
    const other = await library.import(fileOf(30), ann)

    await expect(library.undoRemove(id, ann)).rejects.toEqual(problem('workflow.name-taken'))
    await library.remove(other.id, ann)
    await reopen()
    expect(await library.undoRemove(id, ann)).toMatchObject({ id, name: 'Portrait', version: 1 })
    await expect(library.undoRemove(id, ann)).rejects.toEqual(problem('workflow.not-found'))
  })

  it('that cannot be deleted when its time is over is reported, and keeps nothing from starting', async () => {
    const { id } = await library.import(fileOf(20), ann)
    await library.remove(id, ann)
    const [name = ''] = (await filesIn(id)).filter((one) => one.endsWith('.original'))
    await library.close()
    // A folder in the place of a file: deleting it fails on every system, as a file does that another program has open.
    await rm(path.join(folder, id, name))
    await mkdir(path.join(folder, id, name, 'held'), { recursive: true })
    // It is deleted as content that nobody names, too.
    await mkdir(path.join(folder, 'half-done', name, 'held'), { recursive: true })
    clock.moveTo(40 * day)
    const reported: unknown[] = []
    library = await open(folder, (error) => void reported.push(error))
    expect(library.list()).toEqual([])
    expect(reported).toHaveLength(1)
  })

  it('goes for good after 30 days, and what a person put beside it stays', async () => {
    const [mine, plain] = [await library.import(fileOf(20), ann), await library.import(fileOf(20, 'Plain'), ann)]
    await writeFile(path.join(folder, mine.id, 'mine.txt'), 'mine')
    for (const { id } of [mine, plain]) await library.remove(id, ann)
    clock.moveTo(31 * day - 1)
    await reopen()
    expect(await filesIn(plain.id)).toHaveLength(3)

    clock.moveTo(31 * day)
    await reopen()
    expect(await readdir(folder)).toEqual([mine.id])
    expect(await filesIn(mine.id)).toEqual(['mine.txt'])
    await expect(library.undoRemove(plain.id, ann)).rejects.toEqual(problem('workflow.not-found'))
  })
})

describe('a damaged file', () => {
  it('is told, and mended by importing the same file again', async () => {
    const { id } = await library.import(fileOf(20), ann)
    const [original = '', read = ''] = (await filesIn(id))
      .filter((name) => name !== 'workflow.json')
      .sort((a) => (a.endsWith('.original') ? -1 : 1))
    await writeFile(path.join(folder, id, original), 'other')
    await writeFile(path.join(folder, id, read), '{}')
    await reopen()

    expect(library.list()).toHaveLength(1)
    await expect(library.get(id)).rejects.toEqual(problem('workflow.damaged'))
    await expect(library.export(id, 'file')).rejects.toEqual(problem('workflow.damaged'))
    await expect(library.restore(id, 1, ann)).rejects.toEqual(problem('workflow.damaged'))
    expect(await library.import(fileOf(20, '', id), ann)).toMatchObject({ version: 2 })
    expect((await library.export(id, 'file')).bytes).toEqual(fileOf(20).file.bytes)
    expect(await library.get(id, 1)).toMatchObject({ version: 1 })
  })

  it('that says what the others are is left as it is, and told', async () => {
    const { id } = await library.import(fileOf(20), ann)
    const index = path.join(folder, id, 'workflow.json')
    await writeFile(index, '{"name":')
    const before = await filesIn(id)
    await reopen()

    expect(library.list()).toEqual([])
    expect(library.notices()).toMatchObject([{ problem: 'workflow.index-unreadable', params: { file: index } }])
    expect(await filesIn(id)).toEqual(before)
    expect(await readFile(index, 'utf8')).toBe('{"name":')
  })
})

describe('an import that is killed', () => {
  let built: Awaited<ReturnType<typeof bundlePrograms<'act'>>>
  beforeAll(async () => {
    built = await bundlePrograms({ act: 'tests/integration/workflows/import-act.ts' })
  })
  afterAll(() => built.remove())

  /** Imports a second version in a process of its own; what it printed, and by what it ended. */
  const act = async (at: string, id: string, nth: number) => {
    const child = spawn(process.execPath, [built.programs.act, at, id, String(nth)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let printed = ''
    child.stdout.on('data', (piece: Buffer) => (printed += piece.toString()))
    await once(child, 'close')
    return { printed, signal: child.signalCode }
  }

  const wholeOrNew = async (which: 'each change' | 'three of them') => {
    const { id } = await library.import(fileOf(20), ann)
    await library.close()
    const copyTo = async (name: string) => {
      const to = path.join(temporary.path, name)
      await cp(folder, to, { recursive: true })
      return to
    }
    const whole = await copyTo('whole')
    const count = Number((await act(whole, id, 0)).printed)
    expect(count).toBeGreaterThan(5)
    const done = await open(whole)
    expect(await done.get(id)).toMatchObject({ version: 2 })
    await done.close()

    const all = Array.from({ length: count }, (_, at) => at + 1)
    const some = [1, Math.ceil(count / 2), count]
    for (const nth of which === 'each change' ? all : some) {
      const to = await copyTo(`killed-${nth}`)
      expect((await act(to, id, nth)).signal).toBe('SIGKILL')
      const after = await open(to)
      expect((await after.get(id)).version).toBe(1)
      expect((await after.export(id, 'file')).bytes).toEqual(fileOf(20).file.bytes)
      expect(after.notices()).toEqual([])
      // Nothing half done stays.
      expect(await readdir(path.join(to, id))).toHaveLength(3)
      // And it can be done again.
      expect(await after.import(fileOf(30, '', id), ann)).toMatchObject({ version: 2 })
      await after.close()
    }
  }
  const leaves = 'leaves the version before, whole, until its very last change of a file, which brings the new one'
  it(leaves, () => wholeOrNew('three of them'))
  it(`${leaves}: at each change`, long, () => wholeOrNew('each change'))
})
