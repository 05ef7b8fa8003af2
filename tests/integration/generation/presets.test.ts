import { describe, expect, it } from 'vitest'
import { openGallery } from '../../../electron/generation'
import { promptHistory } from '../../../electron/generation/presets'
import type { PresetContent } from '../../../shared/contract'
import { long } from '../../support/long'
import { temporaryFolder } from '../../support/programs'
import { filled } from './filled'

const content: PresetContent = {
  ...{ prompt: 'a fox', negativePrompt: '', services: null, size: 'own', images: 1, seed: null },
  perService: { forge: { steps: 4 } },
}
const problem = (id: string) => expect.objectContaining({ id }) as Error

async function setUp() {
  const folder = await temporaryFolder()
  const gallery = await openGallery(`${folder.path}/regie.db`)
  return {
    ...{ folder: folder.path, gallery },
    async [Symbol.asyncDispose]() {
      gallery.close()
      await folder[Symbol.asyncDispose]()
    },
  }
}

describe('presets', () => {
  it('are kept under a name, renamed, replaced, deleted and kept again', async () => {
    await using all = await setUp()
    const { presets } = all.gallery
    const saved = presets.save('admin', { name: 'Calendar', content })
    expect(presets.list('admin')).toEqual([saved])
    expect(saved.content).toEqual(content)
    expect(presets.change('admin', saved.id, { name: 'Print' })).toMatchObject({ id: saved.id, name: 'Print', content })
    const other = { ...content, prompt: 'a lake' }
    expect(presets.change('admin', saved.id, { content: other })).toMatchObject({ name: 'Print', content: other })
    const removed = presets.remove('admin', saved.id)
    expect(presets.list('admin')).toEqual([])
    expect(presets.save('admin', removed)).toMatchObject({ name: 'Print', content: other })
  })

  it('have a name of their own each, whatever its capitals', async () => {
    await using all = await setUp()
    const { presets } = all.gallery
    const first = presets.save('admin', { name: 'Calendar', content })
    expect(() => presets.save('admin', { name: 'CALENDAR', content })).toThrow(problem('preset.name-taken'))
    const second = presets.save('admin', { name: 'Print', content })
    expect(() => presets.change('admin', second.id, { name: 'calendar' })).toThrow(problem('preset.name-taken'))
    expect(presets.change('admin', first.id, { name: 'calendar' }).name).toBe('calendar')
  })

  it('are so many, and of so much text, that a list of them holds nobody up', long, async () => {
    await using all = await setUp()
    const { presets } = all.gallery
    const large = { ...content, prompt: 'x'.repeat(32_768), negativePrompt: 'y'.repeat(32_768) }
    const save = () => {
      for (let n = 0; n < 200; n += 1) presets.save('user', { name: `Large ${n}`, content: large })
    }
    expect(save).toThrow(problem('preset.too-much'))
    const kept = presets.list('user')
    expect(kept.length).toBeGreaterThan(100)
    const [first] = kept
    // One that takes the place of another is no more than before.
    expect(presets.change('user', first?.id ?? '', { content: large }).content).toEqual(large)
    expect(presets.save('admin', { name: 'Calendar', content }).content).toEqual(content)
    for (const { id } of kept) presets.remove('user', id)
    for (let n = 0; n < 500; n += 1) presets.save('user', { name: `Small ${n}`, content })
    expect(() => presets.save('user', { name: 'Small 500', content })).toThrow(problem('preset.too-many'))
  })

  it('are one account’s own: another neither sees, changes nor deletes them', async () => {
    await using all = await setUp()
    const { presets } = all.gallery
    const { id } = presets.save('admin', { name: 'Calendar', content })
    expect(presets.list('user')).toEqual([])
    expect(() => presets.change('user', id, { name: 'Mine' })).toThrow(problem('preset.not-found'))
    expect(() => presets.remove('user', id)).toThrow(problem('preset.not-found'))
    expect(presets.save('user', { name: 'Calendar', content }).id).not.toBe(id)
  })
})

describe('the prompts that somebody used', () => {
  it('stand each once, the last first, with what they made; others’ are not among them', async () => {
    await using all = await setUp()
    const { store } = all.gallery
    store.add(await filled(all.folder, 1, { prompt: 'fox' }))
    store.add(await filled(all.folder, 2, { prompt: 'lake' }))
    store.add(await filled(all.folder, 3, { prompt: ' fox', state: 'failed', images: [] }))
    store.add(await filled(all.folder, 4, { prompt: 'secret', by: 'user' }))
    const used = promptHistory(store, 'admin', 10)
    expect(used.map(({ prompt }) => prompt.trim())).toEqual(['fox', 'lake'])
    // It was used last when it failed, and shows what it made before.
    expect(used[0]?.imageId).toMatch(/0001-0$/)
    expect(used[0]?.at).toBeGreaterThan(used[1]?.at ?? Infinity)
    expect(promptHistory(store, 'admin', 1)).toHaveLength(1)
    expect(promptHistory(store, 'user', 10).map(({ prompt }) => prompt)).toEqual(['secret'])
  })
})
