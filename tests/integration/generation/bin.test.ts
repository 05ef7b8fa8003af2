import { existsSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { binDays, type Generation } from '../../../shared/contract'
import { handClock } from '../../support/hand-clock'
import { temporaryFolder } from '../../support/programs'
import { until } from '../../support/until'
import { filled, idOf } from './filled'
import { openGallery } from './gallery'

const day = 24 * 60 * 60_000
const start = 1_770_000_000_000
const admin = { account: 'admin', only: null, sees: null }
const user = { account: 'user', only: 'user', sees: 'user' }
const problem = (id: string) => expect.objectContaining({ id }) as Error

const fileOf = (folder: string, { images }: Generation, kind: 'images' | 'thumbnails' = 'images') => {
  const id = images[0]?.id ?? ''
  return path.join(folder, kind, id.slice(0, 2), `${id}.${kind === 'images' ? 'png' : 'webp'}`)
}

/** A gallery of some pictures, by a clock that is moved by hand. */
async function setUp(count: number) {
  const folder = await temporaryFolder()
  const clock = handClock(start)
  const open = () => openGallery(folder.path, {}, { clock })
  let gallery = await open()
  const pictures: Generation[] = []
  for (let n = 1; n <= count; n += 1) pictures.push(await filled(folder.path, n, n === 3 ? { by: 'user' } : {}))
  for (const picture of pictures) gallery.store.add(picture)
  return {
    folder: folder.path,
    clock,
    pictures,
    get gallery() {
      return gallery
    },
    there: () => pictures.map((picture) => existsSync(fileOf(folder.path, picture))),
    /** `time`: what the clock says by then. */
    async restart(time = clock.now()) {
      await gallery.close()
      clock.moveTo(time)
      gallery = await open()
    },
    async [Symbol.asyncDispose]() {
      await gallery.close()
      await folder[Symbol.asyncDispose]()
    },
  }
}

describe('the bin', () => {
  it('keeps what was deleted for 30 days by the clock, files and all, and then deletes it for good', async () => {
    await using all = await setUp(2)
    const { generations, published } = all.gallery
    await generations.thumbnail(all.pictures[0]?.images[0]?.id ?? '')
    generations.remove(idOf(1), admin)
    all.clock.moveTo(start + day)
    generations.remove(idOf(2), admin)
    expect(generations.bin({ limit: 5 }).items.map(({ generation, goesAt }) => [generation.id, goesAt])).toEqual([
      [idOf(1), start + binDays * day],
      [idOf(2), start + (binDays + 1) * day],
    ])
    all.clock.moveTo(start + binDays * day - 1)
    expect(all.there()).toEqual([true, true])
    all.clock.moveTo(start + binDays * day)
    await until('the first is gone', () => generations.bin({ limit: 5 }).items.length === 1)
    expect(all.there()).toEqual([false, true])
    expect(existsSync(fileOf(all.folder, all.pictures[0] as Generation, 'thumbnails'))).toBe(false)
    expect(published.at(-1)).toEqual({ type: 'gallery' })
    expect(() => generations.restore(idOf(1), admin)).toThrow(problem('generation.not-found'))
    expect(all.gallery.bugs).toEqual([])
  })

  it('looks every day though nothing is due, for a machine that slept or a clock that was set', async () => {
    await using all = await setUp(1)
    all.gallery.generations.remove(idOf(1), admin)
    expect(all.clock.next()).toBe(start + day)
  })

  it('is emptied in time also where the panel was not running then', async () => {
    await using all = await setUp(2)
    all.gallery.generations.remove(idOf(1), admin)
    all.clock.moveTo(start + 2 * day)
    await all.restart()
    expect(all.there()).toEqual([true, true])
    await all.restart(start + 99 * day)
    expect(all.there()).toEqual([false, true])
  })

  it('gives back one, or everything, with what was noted about it', async () => {
    await using all = await setUp(2)
    const { generations } = all.gallery
    const ids = [idOf(1), idOf(2)]
    generations.change(ids, { favourite: true, addTags: ['print'] }, admin)
    expect(generations.change([...ids, idOf(9)], { bin: true }, admin)).toMatchObject({
      changed: ids,
      refused: [{ id: idOf(9), reason: { problem: 'generation.not-found' } }],
    })
    expect(generations.totals({ reader: 'admin' })).toMatchObject({
      all: { generations: 0 },
      favourites: 0,
      bin: { generations: 2, images: 2 },
    })
    expect(generations.restore(idOf(1), admin)).toMatchObject({ favourite: true, tags: ['print'] })
    expect(generations.restoreAll(admin)).toBe(1)
    expect(generations.totals({ reader: 'admin' })).toMatchObject({ favourites: 2, bin: { generations: 0 } })
    await all.restart(start + 99 * day)
    expect(all.there()).toEqual([true, true])
  })

  it('is emptied for good when somebody asks, of some or of all', async () => {
    await using all = await setUp(4)
    const { generations } = all.gallery
    generations.change([1, 2, 4].map(idOf), { bin: true }, admin)
    // What is not in the bin is not deleted, whoever names it.
    expect(await generations.emptyBin([idOf(2), idOf(3)], admin)).toBe(1)
    expect(all.there()).toEqual([true, false, true, true])
    expect(await generations.emptyBin(null, admin)).toBe(2)
    expect(all.there()).toEqual([false, false, true, false])
  })

  it('is each person’s own: a user deletes, restores and empties what is his alone', async () => {
    await using all = await setUp(3)
    const { generations } = all.gallery
    expect(generations.change([idOf(1)], { bin: true }, user).refused).toMatchObject([
      { reason: { problem: 'generation.not-found' } },
    ])
    const inSharedGallery = { ...user, sees: null }
    expect(generations.change([idOf(1)], { bin: true }, inSharedGallery).refused).toMatchObject([
      { reason: { problem: 'generation.not-yours' } },
    ])
    expect(generations.change([idOf(1)], { favourite: true }, inSharedGallery).changed).toEqual([idOf(1)])
    generations.remove(idOf(1), admin)
    generations.remove(idOf(3), user)
    expect(generations.bin({ limit: 5, by: 'user' }).items).toHaveLength(1)
    expect(generations.restoreAll(user)).toBe(1)
    expect(await generations.emptyBin(null, user)).toBe(0)
    expect(all.there()).toEqual([true, true, true])
  })

  it('takes a tag from those alone that did not have it before, when tagging many is undone', async () => {
    await using all = await setUp(3)
    const { generations } = all.gallery
    const ids = [1, 2, 3].map(idOf)
    generations.change([idOf(1)], { addTags: ['Print', 'old'] }, admin)
    generations.change([idOf(2)], { addTags: ['old'] }, admin)
    const { undo = [] } = generations.change(ids, { addTags: ['print'], removeTags: ['OLD'] }, admin)
    const tagsOf = () => ids.map((id) => generations.get(id).tags ?? [])
    expect(tagsOf()).toEqual([['Print'], ['Print'], ['Print']])
    for (const { ids: some, ...back } of undo) generations.change(some, back, admin)
    expect(tagsOf().map((tags) => tags.toSorted())).toEqual([['Print', 'old'], ['old'], []])
    expect(generations.change(ids, { favourite: true }, admin).undo).toBeUndefined()
    expect(generations.change([idOf(2)], { addTags: ['Old'] }, admin).undo).toBeUndefined()
  })

  it('spells a tag as the person did, whatever another whose images he does not see calls it', async () => {
    await using all = await setUp(3)
    const { generations } = all.gallery
    generations.change([idOf(1)], { addTags: ['Merger With ACME'] }, admin)
    generations.change([idOf(3)], { addTags: ['merger with acme'] }, user)
    expect(generations.get(idOf(3)).tags).toEqual(['merger with acme'])
    // Where he sees them, one tag has one spelling.
    generations.change([idOf(3)], { removeTags: ['merger with acme'] }, user)
    generations.change([idOf(3)], { addTags: ['merger with acme'] }, { ...user, sees: null })
    expect(generations.get(idOf(3)).tags).toEqual(['Merger With ACME'])
  })

  it('takes nothing that still runs, and no more tags than there may be', async () => {
    await using all = await setUp(1)
    const { generations } = all.gallery
    all.gallery.store.add({ ...(await filled(all.folder, 8)), state: 'running' })
    expect(generations.change([idOf(8)], { bin: true }, admin).refused).toMatchObject([
      { reason: { problem: 'generation.still-running' } },
    ])
    const tags = Array.from({ length: 50 }, (_, n) => `tag ${n}`)
    generations.change([idOf(1)], { addTags: tags }, admin)
    expect(generations.change([idOf(1)], { addTags: ['one more'], favourite: true }, admin).refused).toMatchObject([
      { reason: { problem: 'generation.too-many-tags' } },
    ])
    expect(generations.get(idOf(1), 'admin').favourite).toBeUndefined()
    expect(generations.change([idOf(1)], { addTags: ['TAG 1'], removeTags: ['Tag 0'] }, admin).refused).toEqual([])
    expect(generations.get(idOf(1)).tags).toHaveLength(49)
  })
})
