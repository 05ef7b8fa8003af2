import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { nobody } from '../../conformance/workflows/classes'
import { judgeTemplate, type Outcome } from '../../conformance/workflows/judge'
import { ratesOf, shortfalls, statedIn, tableOf } from '../../conformance/workflows/table'
import listed from '../../conformance/workflows/templates.json'
import type { Template } from '../../conformance/workflows/templates'

const node = (class_type: string, inputs: Record<string, unknown> = {}) => ({ class_type, inputs })

const graph = (more: Record<string, unknown> = {}) => ({
  unet: node('UNETLoader', { unet_name: 'some_model.safetensors', weight_dtype: 'default' }),
  clip: node('CLIPLoader', { clip_name: 'some_words.safetensors', type: 'lumina2' }),
  vae: node('VAELoader', { vae_name: 'pixel_space' }),
  words: node('CLIPTextEncode', { clip: ['clip', 0], text: 'a fox' }),
  empty: node('EmptyLatentImage', { width: 512, height: 512, batch_size: 1 }),
  sampler: node('KSampler', {
    ...{ model: ['unet', 0], seed: 1, steps: 4, cfg: 1, sampler_name: 'euler', scheduler: 'simple', denoise: 1 },
    ...{ positive: ['words', 0], negative: ['words', 0], latent_image: ['empty', 0] },
  }),
  decode: node('VAEDecode', { samples: ['sampler', 0], vae: ['vae', 0] }),
  save: node('SaveImage', { images: ['decode', 0], filename_prefix: 'x' }),
  ...more,
})

const template = (content: unknown): Template => ({
  ...{ name: 'one', part: 'fixed', usage: 7, isTop: true },
  bytes: Buffer.from(typeof content === 'string' ? content : JSON.stringify(content)),
})

describe('a template', () => {
  it('whose files are all that it lacks fits, and needs just those', async () => {
    expect(await judgeTemplate(template(graph()), nobody)).toMatchObject({
      ...{ read: true, converted: true, needsExact: true, fits: true, accepted: null, why: '' },
    })
  })

  it('is taken where the ComfyUI says so, but for files and pictures that were named', async () => {
    const says = (detail: string, file: string | null) => ({
      ...nobody,
      judge: () => Promise.resolve([{ node: 'unet', detail, file }]),
    })
    const accepted = async (detail: string, file: string | null) =>
      (await judgeTemplate(template(graph()), says(detail, file))).accepted
    expect(await accepted('value_not_in_list', 'some_model.safetensors')).toBe(true)
    expect(await accepted('custom_validation_failed image - Invalid image file: a.png', null)).toBe(true)
    expect(await accepted('value_not_in_list', 'another.safetensors')).toBe(false)
    expect(await accepted('required_input_missing steps', null)).toBe(false)
  })

  it('with a choice that the classes do not have does not fit, and says which', async () => {
    const clip = node('CLIPLoader', { clip_name: 'some_words.safetensors', type: 'flux9' })
    const outcome = await judgeTemplate(template(graph({ clip })), nobody)
    expect(outcome).toMatchObject({ converted: true, needsExact: true, fits: false })
    expect(outcome.why).toContain('flux9')
  })

  it('with a class that nobody knows needs it, and its file', async () => {
    const more = node('PackOfSomebody', { file: 'their_model.safetensors', image: ['decode', 0] })
    const save = node('SaveImage', { images: ['more', 0], filename_prefix: 'x' })
    const outcome = await judgeTemplate(template(graph({ more, save })), nobody)
    expect(outcome).toMatchObject({ converted: true, needsExact: true, fits: false })
    expect(outcome.why).toContain('PackOfSomebody')
  })

  it('that is no workflow is not read', async () => {
    const outcome = await judgeTemplate(template('{"a":1}'), nobody)
    expect(outcome).toMatchObject({ read: false, converted: false, fits: false, accepted: false })
    expect(outcome.why).not.toBe('')
  })
})

const outcome = (more: Partial<Outcome>): Outcome => ({
  ...{ name: 'one', part: 'fixed', usage: 1, isTop: true, why: '' },
  ...{ read: true, needsExact: true, converted: true, fits: true, accepted: true },
  ...more,
})

describe('the table', () => {
  const outcomes = [
    outcome({}),
    outcome({ fits: false, accepted: false, why: 'a | b' }),
    outcome({ part: 'last', isTop: false }),
    outcome({ part: 'aside', accepted: false }),
  ]

  it('is read again as it was written', () => {
    const table = tableOf(outcomes, true)
    expect(statedIn(table)).toEqual(ratesOf(outcomes))
    expect(statedIn(table)).toMatchObject({
      fixed: { of: 2, fits: 1 },
      last: { of: 1 },
      fifty: { of: 3 },
      top: { of: 3 },
    })
    expect(table).toContain('a \\| b')
    expect(tableOf(outcomes, false)).toContain('| not asked |')
  })

  it('names what falls short of a page, and what nobody was asked does not', () => {
    const stated = ratesOf(outcomes)
    expect(shortfalls(stated, stated, true)).toEqual([])
    const less = ratesOf(outcomes.map((one) => ({ ...one, accepted: null, read: false })))
    expect(shortfalls(stated, less, false)).toHaveLength(4)
    expect(shortfalls(stated, less, true)).toContainEqual(expect.stringMatching(/accepted 0 of 2.*says 1/))
  })
})

describe('docs/workflows.md', () => {
  const page = readFileSync(path.resolve(import.meta.dirname, '../../../docs/workflows.md'), 'utf8')
  const stated = statedIn(page)

  it('states what came of the fifty, by the ComfyUI that was asked: all are read, nine of ten are taken', () => {
    expect(stated).toMatchObject({
      fixed: { of: 40, read: 40 },
      last: { of: 10, read: 10 },
      fifty: { of: 50 },
      top: { of: 50 },
    })
    expect(stated.fifty?.accepted).toBeGreaterThanOrEqual(45)
  })

  it('has a row for each template', () => {
    for (const name of [...listed.templates, ...listed.last]) expect(page).toContain(`\`${name}\``)
  })
})
