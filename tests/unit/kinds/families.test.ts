import { describe, expect, it } from 'vitest'
import { testRounds } from '../../support/long'
import { capabilitiesOf } from '../../../electron/kinds/comfyui/capabilities'
import { checkGraph } from '../../../electron/kinds/comfyui/check-graph'
import { NodeClass, type NodeClasses } from '../../../electron/kinds/comfyui/class-inputs'
import { graphOf, resolveParams } from '../../../electron/kinds/comfyui/choose'
import { factsOf } from '../../../electron/kinds/comfyui/facts'
import { families, smoke, type ComfyFamily } from '../../../electron/kinds/comfyui/families'
import { classesOf } from '../../../electron/kinds/comfyui/families/recognise'
import { sigmasOf } from '../../../electron/kinds/comfyui/families/qwen-image-2.1'
import type { Graph } from '../../../electron/kinds/comfyui/graph'
import { offerOf, type Offer } from '../../../electron/kinds/comfyui/offer'
import { Capabilities, type GenerationParams, type Task } from '../../../shared/contract'
import recorded from '../../../electron/simulator/comfyui/nodes/recorded.json'

/** As ComfyUI tells them (`tests/conformance/workflows/record.mjs`); no file is listed. */
const classes: NodeClasses = Object.fromEntries(
  Object.entries(recorded.classes).map(([name, known]) => [name, NodeClass.parse(known)]),
)

const lists = {
  checkpoint: ['CheckpointLoaderSimple', 'ckpt_name'],
  model: ['UNETLoader', 'unet_name'],
  textEncoder: ['CLIPLoader', 'clip_name'],
  vae: ['VAELoader', 'vae_name'],
  lora: ['LoraLoaderModelOnly', 'lora_name'],
} as const

type Files = Partial<Record<keyof typeof lists, string[]>>

const sampling = {
  'KSampler.sampler_name': ['euler', 'euler_ancestral', 'dpmpp_2m', 'res_multistep'],
  'KSampler.scheduler': ['simple', 'karras', 'sgm_uniform'],
}
const untold = factsOf(null, [])

function offerWith(files: Files, nodes: Iterable<string> = Object.keys(classes), gguf: string[] = []): Offer {
  const choices: Record<string, string[]> = { ...sampling, 'UnetLoaderGGUF.unet_name': gguf }
  for (const [slot, [node, input]] of Object.entries(lists))
    choices[`${node}.${input}`] = files[slot as keyof Files] ?? []
  return offerOf({ choices, nodes: new Set(nodes), facts: untold }, new Set())
}

/** The usual files of families, and two LoRAs. */
function usualFiles(...of: ComfyFamily[]): Files {
  const files: Files = { lora: ['a.safetensors', 'b.safetensors'] }
  for (const { slot, names } of of.flatMap(({ parts }) => parts)) (files[slot] ??= []).push(names[0] ?? '')
  return files
}

const familyOf = (id: string) => {
  const found = families.find((family) => family.id === id)
  if (!found) throw new Error(id)
  return found
}

/** The recorded classes with these files in their lists. */
function classesWith({ choices }: Offer): NodeClasses {
  const filled = structuredClone(classes) as Record<string, NodeClass>
  const put = (node: string, input: string, names: readonly string[]) => {
    const required = filled[node]?.input?.required
    if (required) required[input] = [names]
  }
  for (const [node, input] of Object.values(lists)) put(node, input, choices[`${node}.${input}`] ?? [])
  put('LoraLoader', 'lora_name', choices['LoraLoaderModelOnly.lora_name'] ?? [])
  return filled
}

const id = '0197e7a5-0000-7000-8000-00000000000'

function requestFor(task: Task, mostImages: number, more: Partial<GenerationParams> = {}): GenerationParams {
  const images = Array.from({ length: task === 'edit' ? mostImages : 1 }, (_, index) => `${id}${index}`)
  return {
    prompt: 'a lighthouse',
    ...(task === 'text' ? {} : { task, images }),
    ...(task === 'inpaint' ? { mask: `${id}9` } : {}),
    ...more,
  }
}

function graphFor(
  family: ComfyFamily,
  task: Task,
  more: Partial<GenerationParams> = {},
  offer = offerWith(usualFiles(family)),
) {
  const request = requestFor(task, family.mostImages, { workflow: family.id, ...more })
  const params = resolveParams(request, offer)
  const images = ['regie/one.png', 'regie/two.png', 'regie/three.png'].slice(0, request.images?.length ?? 0)
  return {
    params,
    offer,
    graph: graphOf(params, offer, { images, mask: task === 'inpaint' ? 'regie/mask.png' : null }),
  }
}

const nodesOf = (graph: Graph, type: string) => Object.values(graph).filter((node) => node.class_type === type)
const inputOf = (graph: Graph, type: string, input: string) => nodesOf(graph, type)[0]?.inputs[input]

const every = [...families, smoke].flatMap((family) => family.tasks.map((task) => ({ family, task })))

describe('the graph of every family and task', () => {
  it.each(every.map(({ family, task }) => [family.id, task, family] as const))(
    '%s, %s, fits the recorded classes',
    (_, task, family) => {
      const loras = [
        { name: 'a.safetensors', weight: 0.8 },
        { name: 'b.safetensors', weight: -0.5 },
      ]
      for (const more of [{}, { batch: 3 }, { loras }, { loras, batch: 2, steps: 3, cfg: 2, seed: 2 ** 53 - 1 }]) {
        const { graph, offer } = graphFor(family, task, more)
        expect(checkGraph(graph, classesWith(offer))).toEqual([])
      }
    },
  )

  it.each(every.map(({ family, task }) => [family.id, task, family] as const))(
    '%s, %s, has what was asked for in it',
    (name, task, family) => {
      const loras = [
        { name: 'a.safetensors', weight: 0.8 },
        { name: 'b.safetensors', weight: -0.5 },
      ]
      const partial = task === 'image' || task === 'inpaint'
      const asked = { seed: 77, loras, prompt: 'sea 🦊 "x"', ...(partial && { strength: 0.3 }) }
      const { graph, params } = graphFor(family, task, asked)
      const values = Object.values(graph).flatMap(({ inputs }) => Object.values(inputs))
      if (name === 'smoke') return
      expect(values).toContain('sea 🦊 "x"')
      expect(values).toContain(77)
      for (const file of [...family.parts.map(({ names }) => names[0]), 'a.safetensors', 'b.safetensors'])
        expect(values.filter((value) => value === file)).toHaveLength(1)
      expect(params.strength).toBe(partial ? 0.3 : undefined)
      expect(values.includes(0.3) || nodesOf(graph, 'SplitSigmas').length > 0).toBe(partial)
      expect(nodesOf(graph, 'LoadImage').map(({ inputs }) => inputs['image'])).toEqual(
        {
          text: [],
          image: ['regie/one.png'],
          inpaint: ['regie/one.png', 'regie/mask.png'],
          edit: ['regie/one.png', 'regie/two.png', 'regie/three.png'],
        }[task],
      )
      expect(nodesOf(graph, 'SetLatentNoiseMask')).toHaveLength(task === 'inpaint' ? 1 : 0)
      expect(nodesOf(graph, 'ImageCompositeMasked')).toHaveLength(task === 'inpaint' ? 1 : 0)
    },
  )

  it('chains LoRAs: model alone for a diffusion model, with its text encoder for a checkpoint', () => {
    const loras = [
      { name: 'a.safetensors', weight: 0.8 },
      { name: 'b.safetensors', weight: 0.5 },
    ]
    const { graph } = graphFor(familyOf('qwen-image-2512-lightning'), 'text', { loras })
    const chain = nodesOf(graph, 'LoraLoaderModelOnly').map(({ inputs }) => [
      inputs['lora_name'],
      inputs['strength_model'],
    ])
    expect(chain).toEqual([
      ['Qwen-Image-2512-Lightning-4steps-V1.0-fp32.safetensors', 1],
      ['a.safetensors', 0.8],
      ['b.safetensors', 0.5],
    ])
    const sdxl = graphFor(familyOf('sdxl-checkpoint'), 'text', { loras }).graph
    const [first, second] = Object.entries(sdxl).filter(([, node]) => node.class_type === 'LoraLoader')
    expect(second?.[1].inputs).toMatchObject({ model: [first?.[0], 0], clip: [first?.[0], 1], strength_clip: 0.5 })
    for (const { inputs } of nodesOf(sdxl, 'CLIPTextEncode')) expect(inputs['clip']).toEqual([second?.[0], 1])
  })

  it('empties the negative prompt of models that were distilled without one, and passes it to the others', () => {
    const zeroed = families.filter((family) => {
      const [task = 'text'] = family.tasks
      const { graph } = graphFor(family, task, { negativePrompt: 'fog' })
      const hasWords = Object.values(graph).some(({ inputs }) => Object.values(inputs).includes('fog'))
      expect(nodesOf(graph, 'ConditioningZeroOut')).toHaveLength(hasWords ? 0 : 1)
      return !hasWords
    })
    expect(zeroed.map((family) => family.id)).toEqual(['z-image-turbo', 'flux2-klein-4b', 'flux2-klein-9b'])
  })

  it('of Turbo follows its own schedule, also in other steps, and begins at the strength', () => {
    expect(sigmasOf(8)).toBe('1, 0.978453, 0.95418, 0.926626, 0.89508, 0.845148, 0.704534, 0.414568, 0')
    const four = sigmasOf(4).split(', ').map(Number)
    expect(four).toEqual([1, 0.95418, 0.89508, 0.704534, 0])
    for (const steps of [1, 3, 13, 150]) {
      const values = sigmasOf(steps).split(', ').map(Number)
      expect(values).toHaveLength(steps + 1)
      expect(values.toSorted((a, b) => b - a)).toEqual(values)
      expect([values[0], values.at(-1)]).toEqual([1, 0])
    }
  })

  it('of a schedule of its own leaves the steps that were asked for, whatever the strength', () => {
    for (const [id, steps, strength, all] of [
      ['qwen-image-2.1-turbo', 8, 0.4, 20],
      ['flux2-klein-4b', 4, 0.6, 6],
      ['flux2-klein-4b', 150, 0, 3000],
    ] as const) {
      const { graph } = graphFor(familyOf(id), 'image', { strength, steps })
      const [split, node] = Object.entries(graph).find(([, one]) => one.class_type === 'SplitSigmas') ?? []
      expect(node?.inputs['step']).toBe(all - steps)
      expect(inputOf(graph, 'SamplerCustomAdvanced', 'sigmas')).toEqual([split, 1])
      const sigmas = inputOf(graph, 'ManualSigmas', 'sigmas')
      const scheduled =
        typeof sigmas === 'string' ? sigmas.split(',').length - 1 : inputOf(graph, 'Flux2Scheduler', 'steps')
      expect(scheduled).toBe(all)
    }
    expect(nodesOf(graphFor(familyOf('flux2-klein-4b'), 'image', { strength: 1 }).graph, 'SplitSigmas')).toEqual([])
  })

  it('needs no class that is not recorded', () => {
    expect([...classesOf([...families, smoke])].filter((name) => !(name in classes))).toEqual([])
  })
})

describe('checkGraph', () => {
  const { graph, offer } = graphFor(familyOf('z-image-turbo'), 'text')
  const broken = (change: (copy: Graph) => void) => {
    const copy = structuredClone(graph)
    change(copy)
    return checkGraph(copy, classesWith(offer)).map(({ fault, input }) => [fault, input])
  }
  const set = (type: string, input: string, value: unknown) => (copy: Graph) => {
    const [node] = nodesOf(copy, type)
    if (!node) throw new Error(type)
    node.inputs[input] = value
  }

  it.each([
    ['class-unknown', null, (copy: Graph) => void (copy['9x'] = { class_type: 'Nobodys', inputs: {} })],
    ['input-missing', 'steps', set('KSampler', 'steps', undefined)],
    ['link-broken', 'vae', set('VAEDecode', 'vae', ['99', 0])],
    ['link-broken', 'vae', set('VAEDecode', 'vae', ['1', 7])],
    ['type-differs', 'samples', set('VAEDecode', 'samples', ['1', 0])],
    ['value-wrong', 'steps', set('KSampler', 'steps', '8')],
    ['value-wrong', 'steps', set('KSampler', 'steps', 1.5)],
    ['value-wrong', 'text', set('CLIPTextEncode', 'text', 5)],
    ['value-out-of-range', 'denoise', set('KSampler', 'denoise', 1.1)],
    ['choice-unknown', 'sampler_name', set('KSampler', 'sampler_name', 'Euler a')],
    ['choice-unknown', 'unet_name', set('UNETLoader', 'unet_name', 'none.safetensors')],
    ['output-missing', null, (copy: Graph) => void Reflect.deleteProperty(copy, Object.keys(copy).at(-1) ?? '')],
  ])('finds %s at %s', (fault, input, change) => {
    expect(broken(change)).toEqual([[fault, input]])
  })

  it('knows the names of an input that grows, and its type', () => {
    const edit = graphFor(familyOf('qwen-image-2.1'), 'edit')
    const node = nodesOf(edit.graph, 'TextEncodeQwenImage21')[0]
    if (node) node.inputs['images.image_3'] = ['1', 0]
    expect(checkGraph(edit.graph, classesWith(edit.offer)).map(({ fault, input }) => [fault, input])).toEqual([
      ['type-differs', 'images.image_3'],
    ])
  })
})

describe('recognising families', () => {
  const available = (offer: Offer) => capabilitiesOf(offer).families.flatMap((one) => (one.available ? [one.id] : []))

  it.each(families.map((family) => [family.id, family] as const))(
    '%s is complete with its usual files',
    (name, family) => {
      expect(available(offerWith(usualFiles(family)))).toContain(name)
    },
  )

  it('of Qwen-Image 2.1 never takes the encoder or the VAE of its elders, nor they its own', () => {
    const [now, old] = [familyOf('qwen-image-2.1'), familyOf('qwen-image-2512')]
    const [mine, theirs] = [usualFiles(now), usualFiles(old)]
    const model = (id: string) => usualFiles(familyOf(id)).model ?? []
    const refused = (files: Files, workflow: string, lacks: string) =>
      expect(() => resolveParams({ prompt: 'x', workflow }, offerWith(files))).toThrow(
        expect.objectContaining({ id: 'backend.models-missing', params: { workflow, missing: lacks } }) as Error,
      )
    for (const id of ['qwen-image-2.1', 'qwen-image-2.1-turbo']) {
      refused(
        { ...theirs, model: model(id), vae: mine.vae ?? [] },
        id,
        'models/text_encoders/qwen3vl_8b_int8_convrot.safetensors',
      )
      refused(
        { ...theirs, model: model(id), textEncoder: mine.textEncoder ?? [] },
        id,
        'models/vae/qwen_image_2.1_vae_bf16.safetensors',
      )
    }
    for (const id of ['qwen-image', 'qwen-image-2512']) {
      refused(
        { ...mine, model: model(id), vae: theirs.vae ?? [] },
        id,
        'models/text_encoders/qwen_2.5_vl_7b_fp8_scaled.safetensors',
      )
      refused(
        { ...mine, model: model(id), textEncoder: theirs.textEncoder ?? [] },
        id,
        'models/vae/qwen_image_vae.safetensors',
      )
    }
    // A model of one generation under the name of another is no model of that one.
    expect(() =>
      resolveParams(
        { prompt: 'x', workflow: 'qwen-image-2512', checkpoint: mine.model?.[0] ?? '' },
        offerWith(usualFiles(now, old)),
      ),
    ).toThrow(expect.objectContaining({ id: 'backend.unknown-checkpoint' }) as Error)
  })

  it.each([
    'qwen_image_2.1_int8_convrot.safetensors.bak',
    'Qwen_Image_2.1_int8_convrot.safetensors',
    'my_qwen_image_2.1_int8_convrot.safetensors',
    'qwen_image_2.1.safetensors',
    'qwen_image_2.1_int8_convrot.gguf',
    'qwen-image_bf16.safetensors',
    'flux1-dev.safetensors',
  ])('does not take %s for a model that it knows', (name) => {
    const others = usualFiles(...families)
    expect(available(offerWith({ ...others, model: [name], checkpoint: [] }))).toEqual([])
  })

  it('finds a file in a folder by either separator, and prefers the usual one', () => {
    const files = usualFiles(familyOf('qwen-image'))
    const offer = offerWith({
      ...files,
      model: ['x/qwen_image_bf16.safetensors', 'old\\qwen_image_fp8_e4m3fn.safetensors'],
      vae: ['qwen/qwen_image_vae.safetensors'],
    })
    const { graph, params } = graphFor(familyOf('qwen-image'), 'text', {}, offer)
    expect(params.checkpoint).toBe('old\\qwen_image_fp8_e4m3fn.safetensors')
    expect(inputOf(graph, 'VAELoader', 'vae_name')).toBe('qwen/qwen_image_vae.safetensors')
    const named = graphFor(familyOf('qwen-image'), 'text', { checkpoint: 'x/qwen_image_bf16.safetensors' }, offer)
    expect(inputOf(named.graph, 'UNETLoader', 'unet_name')).toBe('x/qwen_image_bf16.safetensors')
  })

  it('loads a GGUF file with the loader that lists it', () => {
    const files = { ...usualFiles(familyOf('z-image-turbo')), model: [] }
    const offer = offerWith(files, undefined, ['z_image_turbo-Q4_K_M.gguf', 'z_image_turbo-Q9_9.gguf'])
    const { graph, params } = graphFor(familyOf('z-image-turbo'), 'text', {}, offer)
    expect(params.checkpoint).toBe('z_image_turbo-Q4_K_M.gguf')
    expect(nodesOf(graph, 'UNETLoader')).toEqual([])
    expect(nodesOf(graph, 'UnetLoaderGGUF')[0]?.inputs).toEqual({ unet_name: 'z_image_turbo-Q4_K_M.gguf' })
  })

  it('offers no family whose nodes are not there, and names them', () => {
    const without = Object.keys(classes).filter((name) => name !== 'TextEncodeQwenImage21')
    const offer = offerWith(usualFiles(...families), without)
    const told = capabilitiesOf(offer).families.find((family) => family.id === 'qwen-image-2.1')
    expect(told).toMatchObject({ available: false, missing: [{ type: 'node', name: 'TextEncodeQwenImage21' }] })
    expect(() => resolveParams({ prompt: 'x', workflow: 'qwen-image-2.1' }, offer)).toThrow(
      expect.objectContaining({ id: 'backend.nodes-missing' }) as Error,
    )
    expect(resolveParams({ prompt: 'x' }, offer).workflow).toBe('z-image-turbo')
  })

  it('offers the tasks whose nodes are there', () => {
    const without = Object.keys(classes).filter((name) => name !== 'ImageCompositeMasked')
    const told = capabilitiesOf(offerWith(usualFiles(...families), without)).families
    expect(told.find((family) => family.id === 'flux2-klein-4b')).toMatchObject({
      available: true,
      tasks: ['text', 'image', 'edit'],
    })
  })

  const orders = 'wires only its own files, in the order of preference, whatever else lies there'
  testRounds(orders, { few: 40, all: 300 }, (rounds) => {
    let state = 20_261_130
    const random = (below: number) => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff
      return state % below
    }
    const all = usualFiles(...families)
    for (let round = 0; round < rounds; round += 1) {
      const files = Object.fromEntries(
        Object.entries(all).map(([slot, names]) => [slot, [...new Set(names)].filter(() => random(3) > 0)]),
      ) as Files
      const offer = offerWith(files)
      const there = new Set(Object.values(files).flat())
      const complete = families.filter(({ parts }) => parts.every(({ names }) => names.some((name) => there.has(name))))
      const expected = complete.find(({ tasks }) => tasks.includes('text'))
      expect(new Set(available(offer))).toEqual(new Set(complete.map((family) => family.id)))
      if (!expected) {
        expect(() => resolveParams({ prompt: 'x' }, offer)).toThrow(
          expect.objectContaining({ id: 'backend.no-known-model' }) as Error,
        )
        continue
      }
      const params = resolveParams({ prompt: 'x' }, offer)
      expect(params.workflow).toBe(expected.id)
      const graph = graphOf(params, offer, { images: [], mask: null })
      const used = Object.values(graph).flatMap(({ inputs }) =>
        Object.values(inputs).filter((value) => typeof value === 'string' && value.endsWith('.safetensors')),
      )
      expect(used.toSorted()).toEqual(
        expected.parts.map(({ names }) => names.find((name) => there.has(name))).toSorted(),
      )
    }
  })
})

describe('what a request gets', () => {
  const everything = offerWith(usualFiles(...families))
  const resolve = (more: Partial<GenerationParams>, offer = everything) =>
    resolveParams({ prompt: 'x', ...more }, offer)
  const refusal = (more: Partial<GenerationParams>, problem: string, offer = everything) =>
    expect(() => resolve(more, offer)).toThrow(expect.objectContaining({ id: problem }) as Error)

  it('is never a plain colour unless that is named', () => {
    const none = offerWith({ model: ['flux1-dev.safetensors'] })
    expect(capabilitiesOf(none).defaults).toMatchObject({ workflow: null, checkpoint: null })
    expect(() => resolve({}, none)).toThrow(
      expect.objectContaining({
        id: 'backend.no-known-model',
        params: {
          family: 'Stable Diffusion 1.5',
          files: 'models/checkpoints/v1-5-pruned-emaonly-fp16.safetensors',
          task: 'text',
        },
      }) as Error,
    )
    expect(() => resolve({ task: 'edit', images: [`${id}1`] }, none)).toThrow(
      expect.objectContaining({
        params: {
          family: 'FLUX.2 Klein 4B',
          files:
            'models/diffusion_models/flux-2-klein-4b.safetensors, models/text_encoders/qwen_3_4b.safetensors, models/vae/flux2-vae.safetensors',
          task: 'edit',
        },
      }) as Error,
    )
    expect(resolve({ workflow: 'smoke' }, none)).toMatchObject({ workflow: 'smoke', steps: 1 })
  })

  it('is the first family that does the task, with its defaults', () => {
    const first = { workflow: 'z-image-turbo', steps: 8, width: 1024, sampler: 'res_multistep', scheduler: 'simple' }
    expect(resolve({})).toMatchObject(first)
    expect(resolve({ workflow: 'qwen-image-2.1' })).toMatchObject({ steps: 25, cfg: 1, width: 1024 })
    expect(resolve({ checkpoint: 'flux-2-klein-4b.safetensors' })).toMatchObject({
      workflow: 'flux2-klein-4b',
      steps: 4,
    })
    const edits = offerWith(usualFiles(familyOf('z-image-turbo'), familyOf('qwen-image-edit-2511')))
    expect(resolve({ task: 'edit', images: [`${id}1`] }, edits)).toMatchObject({
      workflow: 'qwen-image-edit-2511',
      task: 'edit',
    })
  })

  it('honours the promised ids with every file that earlier versions ran under them', () => {
    expect(resolve({ workflow: 'qwen-image' }).workflow).toBe('qwen-image')
    const only2512 = offerWith(usualFiles(familyOf('qwen-image-2512')))
    expect(resolve({ workflow: 'qwen-image' }, only2512).workflow).toBe('qwen-image-2512')
    expect(resolve({ workflow: 'qwen-image', checkpoint: 'qwen_image_2512_fp8_e4m3fn.safetensors' }).workflow).toBe(
      'qwen-image-2512',
    )
    expect(resolve({ workflow: 'sdxl-checkpoint', checkpoint: 'sd_xl_turbo_1.0_fp16.safetensors' })).toMatchObject({
      workflow: 'sdxl-turbo',
      steps: 4,
    })
    expect(resolve({ workflow: 'sdxl-checkpoint', checkpoint: 'v1-5-pruned-emaonly-fp16.safetensors' })).toMatchObject({
      workflow: 'sd15',
      width: 512,
    })
    const only15 = offerWith(usualFiles(familyOf('sd15')))
    expect(resolve({ workflow: 'sdxl-checkpoint' }, only15).workflow).toBe('sd15')
    const { workflows } = capabilitiesOf(only15)
    expect(workflows.filter(({ available }) => available).map((one) => one.id)).toEqual([
      'sdxl-checkpoint',
      'sd15',
      'smoke',
    ])
    expect(workflows.find((one) => one.id === 'qwen-image')?.missing).toEqual([
      'qwen_image_fp8_e4m3fn.safetensors',
      'qwen_2.5_vl_7b_fp8_scaled.safetensors',
      'qwen_image_vae.safetensors',
    ])
  })

  it('is refused where the family cannot do it, or something is missing', () => {
    const images = [`${id}1`]
    refusal({ workflow: 'z-image-turbo', task: 'edit', images }, 'backend.task-unknown')
    refusal({ workflow: 'z-image-turbo', task: 'image' }, 'backend.picture-needed')
    refusal({ workflow: 'z-image-turbo', task: 'inpaint', images }, 'backend.mask-needed')
    refusal({ workflow: 'z-image-turbo', task: 'image', images: [...images, `${id}2`] }, 'backend.pictures-too-many')
    refusal({ loras: [{ name: 'c.safetensors', weight: 1 }] }, 'backend.unknown-lora')
    // What would be left aside without a word: whoever forgets the task would get another picture than was asked for.
    refusal({ workflow: 'z-image-turbo', images }, 'backend.not-of-task')
    refusal({ workflow: 'z-image-turbo', strength: 0.5 }, 'backend.not-of-task')
    refusal({ workflow: 'z-image-turbo', task: 'image', images, mask: `${id}2` }, 'backend.not-of-task')
    refusal({ workflow: 'qwen-image-2.1', width: 1040, height: 1024 }, 'backend.size-multiple')
  })

  it('is told in the words of the contract, complete families first', () => {
    const offer = offerWith(usualFiles(familyOf('z-image-turbo')))
    const told = Capabilities.parse(capabilitiesOf(offer))
    expect(told.families.map(({ available }) => available)).toEqual([true, ...families.slice(1).map(() => false)])
    expect(told.families).toHaveLength(families.length)
    expect(told.loras).toEqual(['a.safetensors', 'b.safetensors'])
    expect(told.defaults).toMatchObject({ workflow: 'z-image-turbo', steps: 8 })
    for (const { sizes, sizeMultiple, defaults } of told.families) {
      for (const { width, height } of [...sizes, defaults])
        expect([width % sizeMultiple, height % sizeMultiple]).toEqual([0, 0])
      expect(sizes.some(({ width, height }) => width === defaults.width && height === defaults.height)).toBe(true)
    }
  })

  it('is measured by the files that are there, where the service tells their sizes', () => {
    const files = usualFiles(familyOf('z-image-turbo'))
    const sized = Object.values(files)
      .flat()
      .map((name) => ({ name, size: 2 ** 30 }))
    const offer = offerOf({ ...offerWith(files), facts: factsOf(null, sized) }, new Set())
    const expected = (at: Offer) =>
      capabilitiesOf(at).families.find((one) => one.id === 'z-image-turbo')?.expected.filesMiB
    expect([expected(offer), expected(offerWith(files))]).toEqual([3072, 19_866])
  })
})
