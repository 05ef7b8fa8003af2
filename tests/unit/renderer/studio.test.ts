import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { inTenths, samplingLeft, spentTime } from '../../../renderer/features/gallery/timings/phases'
import {
  defaultsWith,
  familyChoices,
  familyOf,
  ignoresNegative,
  nearestFamily,
  sizesFor,
  usualSize,
} from '../../../renderer/features/studio/families'
import {
  emptyForm,
  fitSide,
  formFrom,
  paramsFor,
  readForm,
  servicesToRun,
  setServiceParam,
  toggleService,
} from '../../../renderer/features/studio/form'
import { drawSeed } from '../../../renderer/features/gallery/seed'
import { handOver, takeOver } from '../../../renderer/features/gallery/handover'
import { shortModel } from '../../../renderer/features/gallery/short-model'
import { contentOf, fileOf, formOf, freeName, readPresetFile } from '../../../renderer/features/studio/presets'
import { takenBy } from '../../../renderer/features/studio/dropped/taken-by'
import { offeredAs, ratios } from '../../../renderer/features/studio/ratios'
import { GenerationParams, type Capabilities, type Family } from '../../../shared/contract'

const form = { ...emptyForm(), prompt: '  a paper boat ', seed: 7 }

describe('what the form asks of a service', () => {
  it('leaves out what was not chosen, so that the service takes its defaults', () => {
    expect(paramsFor(form, 'forge')).toEqual({ prompt: 'a paper boat', seed: 7, batch: 1 })
  })

  it('sends size, negative prompt and only the parameters of that service', () => {
    const filled = {
      ...form,
      negativePrompt: 'text',
      size: { width: 832, height: 1216 },
      perService: { forge: { steps: 4 }, comfyui: { steps: 20 } },
    }
    const params = paramsFor(filled, 'forge')
    expect(params).toEqual({
      prompt: 'a paper boat',
      negativePrompt: 'text',
      width: 832,
      height: 1216,
      seed: 7,
      batch: 1,
      steps: 4,
    })
    expect(GenerationParams.safeParse(params).success).toBe(true)
  })

  it('gives a parameter its default back when it is emptied', () => {
    const set = setServiceParam(form, 'forge', ['steps', 30])
    expect(set.perService['forge']).toEqual({ steps: 30 })
    expect(setServiceParam(set, 'forge', ['steps', undefined]).perService['forge']).toEqual({})
  })

  it.each([
    [1, 64],
    [1023, 1024],
    [1020, 1024],
    [9999, 2048],
  ])('fits a side of %i to %i, which the contract takes', (asked, fitted) => {
    expect(fitSide(asked)).toBe(fitted)
  })

  it('draws seeds that fit into 32 bits', () => {
    expect(drawSeed(() => 0)).toBe(0)
    expect(drawSeed(() => 0.999_999_999_99)).toBe(2 ** 32 - 1)
  })
})

describe('which services a run goes to', () => {
  it('takes all that are ready until somebody chooses', () => {
    expect(servicesToRun(form, ['comfyui', 'forge'])).toEqual(['comfyui', 'forge'])
  })

  it('passes over a chosen one that is not ready, and does not forget it', () => {
    const chosen = toggleService(form, 'comfyui', ['comfyui', 'forge'])
    expect(chosen.services).toEqual(['forge'])
    expect(servicesToRun(chosen, ['comfyui'])).toEqual([])
    expect(servicesToRun(chosen, ['comfyui', 'forge'])).toEqual(['forge'])
  })
})

describe('the form that is kept', () => {
  it('is read back as it was', () => {
    expect(readForm(JSON.stringify(form))).toEqual(form)
  })

  it.each([null, '', '{', '{"prompt":3}', JSON.stringify({ ...form, images: 99 })])('is empty for %j', (text) => {
    expect(readForm(text)).toMatchObject({ prompt: '', services: null, size: 'own' })
  })
})

class MemoryStorage implements Storage {
  readonly #values = new Map<string, string>()
  get length() {
    return this.#values.size
  }
  clear() {
    this.#values.clear()
  }
  getItem(key: string) {
    return this.#values.get(key) ?? null
  }
  key(index: number) {
    return [...this.#values.keys()][index] ?? null
  }
  removeItem(key: string) {
    this.#values.delete(key)
  }
  setItem(key: string, value: string) {
    this.#values.set(key, value)
  }
}

describe('a picture that the gallery hands over', () => {
  const params = { prompt: 'a lake', seed: 11, width: 768, height: 512, batch: 4, steps: 2, sampler: 'euler' }
  const picture = { id: 'g1', serviceId: 'comfyui', params }

  it('is taken once', () => {
    const store = new MemoryStorage()
    handOver(picture, store)
    expect(takeOver(store)).toEqual(picture)
    expect(takeOver(store)).toBeNull()
  })

  it('is refused when it is not what the gallery writes', () => {
    const store = new MemoryStorage()
    store.setItem('regie.studio.handover', '{"serviceId":"comfyui"}')
    expect(takeOver(store)).toBeNull()
  })

  it('fills the form so that the same is asked of the same service', () => {
    const filled = formFrom(picture, form)
    expect(filled).toMatchObject({ services: ['comfyui'], keepSeed: true, isCustomSize: false })
    expect(paramsFor(filled, 'comfyui')).toEqual(params)
  })
})

describe('where the time of a job went', () => {
  const idle = { queueMs: null, loadMs: null, sampleMs: null, decodeMs: null, totalMs: null }
  const sampling = {
    state: 'running' as const,
    createdAt: 1000,
    startedAt: 1500,
    timings: { ...idle, queueMs: 500, loadMs: 2000 },
    progress: { phase: 'sampling' as const, fraction: 0.4, step: 4, steps: 10, queuePosition: null },
  }

  it('gives what has passed since the last known phase to the one that runs', () => {
    expect(spentTime(sampling, 5500)).toEqual({
      phases: [
        { kind: 'wait', ms: 500 },
        { kind: 'load', ms: 2000 },
        { kind: 'sample', ms: 2000 },
      ],
      totalMs: 4500,
    })
  })

  it('tells what sampling still takes at its pace so far', () => {
    expect(samplingLeft(sampling, 5500)).toBe(3000)
    expect(samplingLeft({ ...sampling, progress: { ...sampling.progress, step: null } }, 5500)).toBeNull()
  })

  it('stops with the job, and its phases are what the total is made of', () => {
    const ended = {
      ...sampling,
      state: 'succeeded' as const,
      timings: { queueMs: 500, loadMs: 2000, sampleMs: 3000, decodeMs: 20, totalMs: 5520 },
    }
    const spent = spentTime(ended, 99_000)
    expect(spent.totalMs).toBe(5520)
    expect(spent.phases.map(({ kind }) => kind)).toEqual(['wait', 'load', 'sample', 'decode'])
    expect(inTenths(spent).phases.map(({ kind, tenths }) => [kind, tenths])).toEqual([
      ['wait', 5],
      ['load', 20],
      ['sample', 30],
    ])
  })

  it('adds up to the wall clock in what is shown too, whatever the phases took', () => {
    const ms = fc.option(fc.nat(200_000), { nil: null })
    const timings = fc.record({ queueMs: ms, loadMs: ms, sampleMs: ms, decodeMs: ms, totalMs: fc.constant(null) })
    const phase = fc.constantFrom('queued', 'loading', 'sampling', 'decoding', 'saving', 'done')
    const state = fc.constantFrom('queued', 'running', 'succeeded', 'failed', 'cancelled')
    fc.assert(
      fc.property(timings, phase, state, fc.nat(500_000), (times, progress, of, passed) => {
        const job = { ...sampling, state: of, timings: times, progress: { ...sampling.progress, phase: progress } }
        const spent = spentTime(job, job.createdAt + passed)
        expect(spent.phases.reduce((all, one) => all + one.ms, 0)).toBe(spent.totalMs)
        const shown = inTenths(spent)
        expect(shown.phases.reduce((all, { tenths }) => all + tenths, 0)).toBe(shown.total)
        for (const { ms: exact, tenths } of shown.phases) expect(Math.abs(exact - tenths * 100)).toBeLessThan(100)
      }),
    )
  })
})

describe('a model’s short name', () => {
  it.each([
    ['sd_xl_turbo_1.0_fp16.safetensors [e869ac7d69]', 'sd_xl_turbo_1.0_fp16'],
    ['qwen\\qwen_image_fp8.safetensors', 'qwen_image_fp8'],
    ['flux/dev.gguf', 'dev'],
    ['plain', 'plain'],
  ])('of %s is %s', (name, short) => {
    expect(shortModel(name)).toBe(short)
  })
})

describe('a preset', () => {
  const filled = {
    ...form,
    ...{ services: ['forge'], size: { width: 1216, height: 832 }, images: 2, keepSeed: true },
    perService: { forge: { steps: 4 } },
  }

  it('brings the form back that it was made of', () => {
    expect(formOf(contentOf(filled), emptyForm())).toEqual({ ...filled, isCustomSize: false })
    // A seed that was not locked is drawn anew.
    expect(contentOf({ ...filled, keepSeed: false }).seed).toBeNull()
    expect(formOf(contentOf({ ...filled, keepSeed: false }), form)).toMatchObject({ seed: form.seed, keepSeed: false })
  })

  it('is shared as a file with a safe name, and read back', async () => {
    const file = fileOf({ name: 'con: a/b', content: contentOf(filled) })
    expect(file.name).toBe('con a b.regie-preset.json')
    expect(await readPresetFile(file)).toEqual({ name: 'con: a/b', content: contentOf(filled) })
  })

  it.each([
    ['something else', '{"name":"x"}'],
    ['no JSON', '{'],
    ['another version', JSON.stringify({ kind: 'regie-preset', version: 2, name: 'x', content: contentOf(filled) })],
    [
      'a size that no service takes',
      JSON.stringify({
        kind: 'regie-preset',
        version: 1,
        name: 'x',
        content: { ...contentOf(filled), size: { width: 9e9, height: 8 } },
      }),
    ],
    ['too large', `"${'x'.repeat(1_000_001)}"`],
  ])('is refused where it is %s', async (_what, text) => {
    expect(await readPresetFile(new Blob([text]))).toBeNull()
  })

  it('gets a name that none of the others has', () => {
    expect(freeName('Print', [])).toBe('Print')
    expect(freeName('Print', ['PRINT', 'print (2)'])).toBe('Print (3)')
  })
})

describe('aspect ratios', () => {
  it('are sizes that the contract takes, near one megapixel, and are what they are called', () => {
    for (const { name, width, height } of ratios) {
      expect(GenerationParams.safeParse({ prompt: 'x', width, height }).success).toBe(true)
      expect(Math.abs(width * height - 2 ** 20) / 2 ** 20).toBeLessThan(0.06)
      const [across = 1, down = 1] = name.split(':').map(Number)
      expect(Math.abs(width / height - across / down) / (across / down)).toBeLessThan(0.04)
    }
    expect(offeredAs({ width: 864, height: 1152 }, ratios)?.name).toBe('3:4')
    expect([offeredAs('own', ratios), offeredAs({ width: 512, height: 512 }, ratios)]).toEqual([null, null])
  })
})

describe('what a dropped image was made with', () => {
  it('is given to a service as far as it knows it', () => {
    const known = { checkpoints: ['sd_xl.safetensors', 'other'], samplers: ['euler'], schedulers: ['simple'] }
    const found = { prompt: 'x', steps: 4, sampler: 'DPM++', scheduler: 'simple', checkpoint: 'sd_xl' }
    expect(takenBy(found, known)).toEqual({ steps: 4, scheduler: 'simple', checkpoint: 'sd_xl.safetensors' })
    expect(takenBy({ prompt: 'x' }, known)).toEqual({})
  })
})

describe('families of models in the form', () => {
  const family = (id: string, part: Partial<Family> = {}): Family => ({
    ...{
      id,
      title: id.toUpperCase(),
      tasks: ['text'],
      available: true,
      missing: [],
      checkpoints: [`${id}.safetensors`],
    },
    ...{ mostImages: 1, takesNegativePrompt: true, takesLoras: true, sizes: [], sizeMultiple: 8 },
    defaults: { steps: 8, cfg: 1, width: 1024, height: 1024, sampler: 'euler', scheduler: 'simple', strength: null },
    expected: { vramMiB: null, filesMiB: 100 },
    ...part,
  })
  const lacking = (name: string, filesMiB: number | null) =>
    family(name, {
      available: false,
      missing: [{ type: 'file', name: `${name}.safetensors`, folder: 'models/vae', role: 'vae' }],
      expected: { vramMiB: null, filesMiB },
    })
  const offer = (families: Family[], checkpoint: string | null = null): Capabilities => ({
    ...{ checkpoints: [], samplers: ['euler'], schedulers: ['simple'], families, loras: [], previews: true },
    workflows: [...families.map(({ id, available }) => ({ id, available, missing: [] })), plain],
    defaults: {
      checkpoint,
      sampler: 'euler',
      scheduler: 'simple',
      steps: 20,
      cfg: 2,
      width: 512,
      height: 512,
      workflow: null,
    },
  })
  const plain = { id: 'smoke', available: true, missing: [] }

  it('are offered by their titles, with what each lacks, and after them what is no family', () => {
    const edits = family('edits', { tasks: ['edit'] })
    expect(familyChoices(offer([family('a'), lacking('b', 1), edits]))).toEqual([
      { value: 'a', title: 'A', missing: [] },
      { value: 'b', title: 'B', missing: ['b.safetensors'] },
      { value: 'smoke', title: 'smoke', missing: [] },
    ])
  })

  it('bring their own values', () => {
    expect(defaultsWith(offer([family('a')]), 'a')).toMatchObject({ steps: 8, cfg: 1, width: 1024 })
    expect(defaultsWith(offer([family('a')]), undefined)).toMatchObject({ steps: 20, cfg: 2, width: 512 })
    expect(defaultsWith(offer([family('a')]), 'smoke')).toMatchObject({ steps: 20 })
  })

  it('are what a run goes to: by name, by its file, else the service’s own', () => {
    const [a, b] = [family('a'), family('b')]
    const at = offer([a, b], 'b.safetensors')
    expect(familyOf(at, { workflow: 'a' })).toBe(a)
    expect(familyOf(at, { checkpoint: 'a.safetensors' })).toBe(a)
    expect(familyOf(at, {})).toBe(b)
    expect(familyOf({ ...at, defaults: { ...at.defaults, workflow: 'a' } }, {})).toBe(a)
    expect([
      familyOf(at, { workflow: 'smoke' }),
      familyOf(at, { checkpoint: 'other' }),
      familyOf(offer([a]), {}),
    ]).toEqual([null, null, null])
  })

  it('leave a negative prompt unread at CFG 1, whose ever it is', () => {
    const [reads, ignores] = [family('a'), family('b', { takesNegativePrompt: false })]
    expect([reads, ignores, null].map((one) => ignoresNegative(one, undefined))).toEqual([false, true, false])
    expect([reads, ignores, null].map((one) => ignoresNegative(one, 1))).toEqual([true, true, true])
    expect([reads, ignores].map((one) => ignoresNegative(one, 2))).toEqual([false, false])
    const both = { ...emptyForm(), prompt: 'x', negativePrompt: 'text' }
    expect([paramsFor(both, 'a').negativePrompt, paramsFor(both, 'a', true).negativePrompt]).toEqual([
      'text',
      undefined,
    ])
  })

  it('offer their own sizes where all that run have the same', () => {
    const sized = (id: string, side: number) =>
      family(id, {
        sizes: [{ width: side, height: side }],
        defaults: { ...family(id).defaults, width: side, height: side },
      })
    const [a, same, other] = [sized('a', 1328), sized('same', 1328), sized('other', 512)]
    expect(sizesFor([a, same])).toEqual([{ name: '1:1', width: 1328, height: 1328 }])
    expect(usualSize([a, same])).toEqual({ width: 1328, height: 1328 })
    for (const mixed of [[a, other], [a, null], [null], []]) {
      expect(sizesFor(mixed)).toBe(ratios)
      expect(usualSize(mixed)).toBe(null)
    }
  })

  it('name the smallest that is missing where none is complete, and only there', () => {
    const all = [lacking('large', 900), lacking('small', 10), lacking('unknown', null)]
    expect(nearestFamily(offer(all))).toMatchObject({ title: 'SMALL' })
    expect(nearestFamily(offer([...all, family('a')]))).toBe(null)
    expect(nearestFamily(offer(all, 'a file of its own'))).toBe(null)
    expect(nearestFamily(offer([family('edits', { tasks: ['edit'], available: false })]))).toBe(null)
  })
})
