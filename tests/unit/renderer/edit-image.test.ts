import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  chosenOf,
  fitsOf,
  folded,
  mostFor,
  ranked,
  taskFor,
  type Offering,
} from '../../../renderer/features/studio/edit/fits'
import { editParams, resultSize, sizeLike } from '../../../renderer/features/studio/edit/params'
import { emptyEdit, emptyForm, formFrom, readForm } from '../../../renderer/features/studio/form'
import { measured } from '../../../renderer/features/studio/measured'
import { contentOf, formOf } from '../../../renderer/features/studio/presets'
import { namedSizes } from '../../../renderer/features/studio/ratios'
import { GenerationParams, PresetContent, type Family, type Generation } from '../../../shared/contract'

const family = (id: string, part: Partial<Family> = {}): Family => ({
  ...{ id, title: id, tasks: ['text', 'image', 'inpaint'], available: true, missing: [], checkpoints: [`${id}.st`] },
  ...{ mostImages: 1, takesNegativePrompt: true, takesLoras: true, sizeMultiple: 16 },
  sizes: [{ width: 1024, height: 1024 }],
  defaults: {
    ...{ steps: 8, cfg: 1, width: 1024, height: 1024, sampler: 'euler', scheduler: 'simple', strength: 0.6 },
  },
  expected: { vramMiB: null, filesMiB: 6000 },
  ...part,
})
const instructed = family('instructed', { tasks: ['edit'], mostImages: 3 })
const both = family('both', { tasks: ['text', 'image', 'inpaint', 'edit'], mostImages: 3 })
const painted = family('painted')
const lacking = family('lacking', {
  available: false,
  missing: [{ type: 'file', name: 'x', folder: 'y', role: 'vae' }],
})

const offering = (serviceId: string, ...families: Family[]): Offering => ({
  serviceId,
  capabilities: { families, loras: [], samplers: [], schedulers: [] },
})

const made = (params: Partial<GenerationParams>, totalMs: number, part: Partial<Generation> = {}): Generation => ({
  ...{ id: 'g', by: 'admin', serviceId: 'comfyui', kind: 'comfyui', simulated: false, state: 'succeeded' },
  params: { prompt: 'x', ...params },
  progress: { phase: 'done', fraction: 1, step: null, steps: null, queuePosition: null },
  images: [{ id: 'i', width: 1, height: 1, bytes: 1, mime: 'image/png' }],
  timings: { queueMs: 1000, loadMs: 0, sampleMs: 0, decodeMs: 0, totalMs },
  ...{ cached: false, warnings: [], createdAt: 0, startedAt: 0, finishedAt: 0 },
  ...part,
})

describe('what a family would do', () => {
  it.each([
    ['an instruction, without a mask', both, { images: 1, hasMask: false }, 'instruction', 'edit'],
    ['a strength, where that is wanted', both, { images: 1, hasMask: false }, 'strength', 'image'],
    ['within the mask', both, { images: 1, hasMask: true }, 'instruction', 'inpaint'],
    ['several images, by an instruction', both, { images: 2, hasMask: true }, 'strength', 'edit'],
    [
      'an instruction, whatever the mask, where it can do nothing else',
      instructed,
      { images: 1, hasMask: true },
      'strength',
      'edit',
    ],
    ['a strength, where it knows no instructions', painted, { images: 3, hasMask: false }, 'instruction', 'image'],
  ] as const)('is %s', (_, of, wanted, method, task) => {
    expect(taskFor(of, wanted, method)).toBe(task)
  })

  it('is nothing for a family of words alone', () => {
    expect(taskFor(family('words', { tasks: ['text'] }), { images: 1, hasMask: false }, 'strength')).toBeNull()
  })
})

describe('which families fit', () => {
  const fits = fitsOf([offering('comfyui', lacking, painted, instructed), offering('forge', painted)], [])

  it('leaves out families of words alone', () => {
    expect(fitsOf([offering('comfyui', family('words', { tasks: ['text'] }))], [])).toEqual([])
  })

  it('puts first what uses all that is given, and last what lacks a file', () => {
    const order = (wanted: Parameters<typeof ranked>[1]) =>
      ranked(fits, wanted).map((fit) => `${fit.serviceId} ${fit.family.id}`)
    expect(order({ images: 3, hasMask: false })).toEqual([
      'comfyui instructed',
      'comfyui painted',
      'forge painted',
      'comfyui lacking',
    ])
    expect(order({ images: 1, hasMask: true })[0]).toBe('comfyui painted')
  })

  it('puts the quicker of two first, as measured', () => {
    const recent = [made({ workflow: 'painted' }, 5000), made({ workflow: 'painted' }, 3000, { serviceId: 'forge' })]
    const found = ranked(fitsOf([offering('comfyui', painted), offering('forge', painted)], recent), {
      images: 1,
      hasMask: true,
    })
    expect(found.map((fit) => [fit.serviceId, fit.measuredMs])).toEqual([
      ['forge', 2000],
      ['comfyui', 4000],
    ])
  })

  it('measures by the last five that were really made, for each image and without the queue', () => {
    const of = { serviceId: 'comfyui', family: painted }
    const image = { id: 'i', width: 1, height: 1, bytes: 1, mime: 'image/png' }
    expect(measured([made({ workflow: 'painted' }, 9000, { images: [image, image] })], of)).toBe(4000)
    expect(measured([made({ workflow: 'painted' }, 9000, { cached: true })], of)).toBeNull()
    expect(measured([made({ workflow: 'painted' }, 9000, { state: 'failed' })], of)).toBeNull()
    expect(measured([made({ checkpoint: 'painted.st' }, 9000)], of)).toBe(8000)
    expect(measured([made({ checkpoint: 'other.st' }, 9000), made({ workflow: 'other' }, 9000)], of)).toBeNull()
    const six = [2, 3, 4, 5, 6, 99].map((seconds) => made({ workflow: 'painted' }, seconds * 1000))
    expect(measured(six, of)).toBe(3000)
  })

  it('keeps what was chosen while it is complete, and takes the best one else', () => {
    const form = { ...emptyEdit(), serviceId: 'forge', family: 'painted' }
    expect(chosenOf(fits, form)).toMatchObject({ serviceId: 'forge' })
    expect(chosenOf(fits, { ...form, serviceId: 'comfyui', family: 'lacking' })).toMatchObject({
      family: { id: 'painted' },
    })
    expect(chosenOf(fits, { ...form, family: null, params: { checkpoint: 'painted.st' } })).toMatchObject({
      serviceId: 'forge',
    })
    expect(chosenOf(fitsOf([offering('comfyui', lacking)], []), form)).toBeNull()
  })

  it('shows the two best and always the chosen one; the rest is folded', () => {
    const best = ranked(fits, { images: 1, hasMask: false })
    const last = best.find((fit) => fit.serviceId === 'forge') ?? null
    const names = (list: typeof fits) => list.map((fit) => `${fit.serviceId} ${fit.family.id}`)
    expect(names(folded(best, null).shown)).toEqual(['comfyui instructed', 'comfyui painted'])
    expect(names(folded(best, last).shown)).toEqual(['comfyui instructed', 'forge painted'])
    expect(names(folded(best, last).rest)).toEqual(['comfyui painted', 'comfyui lacking'])
  })

  it('takes several images only where it edits by an instruction', () => {
    expect([mostFor(instructed), mostFor(painted)]).toEqual([3, 1])
  })
})

describe('what is asked of a family', () => {
  const source = { width: 1600, height: 1200 }
  const pictures = ['a', 'b', 'c'].map((letter) => `${letter.repeat(8)}-0000-4000-8000-000000000000`)
  const [first = ''] = pictures
  const form = {
    ...{ ...emptyForm(), prompt: ' green ', negativePrompt: 'text', seed: 7 },
    edit: { ...emptyEdit(), pictures, strength: 0.4, params: { steps: 12, loras: [{ name: 'glaze', weight: 0.8 }] } },
  }

  it('has the mask, the strength and the source’s form for an inpaint', () => {
    const params = editParams(form, { family: painted, task: 'inpaint', source, mask: first })
    expect(GenerationParams.safeParse(params).error).toBeUndefined()
    expect(params).toEqual({
      ...{ prompt: 'green', negativePrompt: 'text', seed: 7, batch: 1, workflow: 'painted', task: 'inpaint' },
      ...{ images: [first], mask: first, strength: 0.4, width: 1184, height: 880, steps: 12 },
      loras: [{ name: 'glaze', weight: 0.8 }],
    })
  })

  it('has all images and neither mask, strength nor size for an edit', () => {
    const params = editParams(form, { family: instructed, task: 'edit', source, mask: first })
    expect(params.images).toEqual(pictures)
    expect(Object.keys(params)).not.toEqual(expect.arrayContaining(['mask']))
    expect([params.strength, params.width, params.mask]).toEqual([undefined, undefined, undefined])
  })

  it('leaves out what the family ignores', () => {
    const plain = family('plain', { takesNegativePrompt: false, takesLoras: false })
    const params = editParams(form, { family: plain, task: 'image', source, mask: null })
    expect([params.negativePrompt, params.loras]).toEqual([undefined, undefined])
  })

  it('takes the family’s own strength where none was chosen', () => {
    const params = editParams(
      { ...form, edit: { ...form.edit, strength: null } },
      { family: painted, task: 'image', source, mask: null },
    )
    expect(params.strength).toBe(0.6)
  })

  it('sizes a result like its source, within what the contract takes', () => {
    const side = fc.integer({ min: 1, max: 8192 })
    fc.assert(
      fc.property(side, side, (width, height) => {
        const size = sizeLike({ width, height }, painted)
        expect(size.width % 16 || size.height % 16).toBe(0)
        expect(GenerationParams.safeParse({ prompt: 'x', ...size }).success).toBe(true)
      }),
    )
    expect(resultSize({ width: 512, height: 512 }, 'image', source, painted)).toEqual({ width: 512, height: 512 })
  })

  it('names a family’s sizes by their ratio', () => {
    const names = namedSizes([
      { width: 1328, height: 1328 },
      { width: 1664, height: 928 },
      { width: 896, height: 1152 },
      { width: 1000, height: 100 },
      { width: 768, height: 768 },
    ]).map(({ name }) => name)
    expect(names).toEqual(['1:1', '16:9', '4:5', '1000 × 100', '768 × 768'])
  })
})

describe('the form of an edit', () => {
  const params: GenerationParams = {
    ...{ prompt: 'green', seed: 3, width: 1024, height: 768, steps: 9, workflow: 'painted', task: 'inpaint' },
    ...{ images: ['one'], mask: 'two', strength: 0.5, loras: [{ name: 'glaze', weight: 0.8 }] },
  }

  it('is filled by what made an image, with its pictures, and leaves the other mode’s alone', () => {
    const before = { ...emptyForm(), services: ['forge'], size: { width: 64, height: 64 } }
    const filled = formFrom({ serviceId: 'comfyui', params }, before)
    expect(filled).toMatchObject({ prompt: 'green', seed: 3, keepSeed: true, services: ['forge'], size: before.size })
    expect(filled.edit).toEqual({
      ...{ serviceId: 'comfyui', family: 'painted', method: 'strength', strength: 0.5, pictures: ['one'], mask: 'two' },
      ...{ size: { width: 1024, height: 768 }, params: { steps: 9, loras: [{ name: 'glaze', weight: 0.8 }] } },
    })
  })

  it('is kept with the rest; one from before there was this mode is read all the same', () => {
    const { edit, ...old } = emptyForm()
    expect(readForm(JSON.stringify({ ...old, prompt: 'kept' }))).toMatchObject({ prompt: 'kept', edit })
  })

  it('is part of a preset, without its pictures, which stay where it is used', () => {
    const filled = formFrom({ serviceId: 'comfyui', params }, emptyForm())
    const content = PresetContent.parse(JSON.parse(JSON.stringify(contentOf(filled))))
    expect(JSON.stringify(content)).not.toContain('"one"')
    const now = { ...emptyForm(), edit: { ...emptyEdit(), pictures: ['other'] } }
    expect(formOf(content, now).edit).toMatchObject({
      family: 'painted',
      strength: 0.5,
      pictures: ['other'],
      mask: null,
    })
    expect(formOf(PresetContent.omit({ edit: true }).parse(content), now).edit).toEqual(now.edit)
  })
})
