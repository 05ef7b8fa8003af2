import { describe, expect, it } from 'vitest'
import { Capabilities } from '../../../shared/contract'
import { needText } from '../../../electron/kinds/needs'
import { familyOfCheckpoint } from '../../../electron/kinds/forge/families'
import { jobProblem } from '../../../electron/kinds/forge/txt2img'
import {
  capabilitiesOf,
  modulesFor,
  needsModules,
  replacedChoices,
  requestBody,
  resolveParams,
  type Offer,
} from '../../../electron/kinds/forge/choose'
import { observe, unseen } from '../../../electron/kinds/forge/progress'
import { Progress, TaskProgress } from '../../../electron/kinds/forge/schemas'

const turbo = { title: 'sd_xl_turbo_1.0_fp16.safetensors [e869ac7d69]', model_name: 'sd_xl_turbo_1.0_fp16' }
const base = { title: 'v1-5-pruned-emaonly.safetensors', model_name: 'v1-5-pruned-emaonly' }
const offer: Offer = {
  models: [base, turbo],
  samplers: ['DPM++ 2M', 'Euler a', 'Euler'],
  schedulers: [
    { name: 'automatic', label: 'Automatic', aliases: null },
    { name: 'karras', label: 'Karras', aliases: null },
    { name: 'sgm_uniform', label: 'SGM Uniform', aliases: ['SGMUniform'] },
  ],
  loras: [],
  ...{ modules: [], hasChosenModules: false, isNeo: false },
  loaded: turbo.title,
}

describe('resolveParams for Forge', () => {
  it('gives a Turbo model few steps, no guidance and its native size', () => {
    expect(resolveParams({ prompt: 'x' }, offer)).toMatchObject({
      checkpoint: turbo.title,
      steps: 4,
      cfg: 1,
      width: 512,
      height: 512,
      sampler: 'Euler a',
      scheduler: 'SGM Uniform',
    })
  })

  it('takes a checkpoint by title, with or without hash, by file name and by name', () => {
    for (const checkpoint of [turbo.title, 'sd_xl_turbo_1.0_fp16.safetensors', 'sd_xl_turbo_1.0_fp16'])
      expect(resolveParams({ prompt: 'x', checkpoint }, offer).checkpoint).toBe(turbo.title)
  })

  it('takes a scheduler by name, label or alias, as Forge does', () => {
    for (const scheduler of ['sgm_uniform', 'SGM Uniform', 'SGMUniform'])
      expect(resolveParams({ prompt: 'x', scheduler }, offer).scheduler).toBe('SGM Uniform')
  })

  it.each([
    ['backend.unknown-checkpoint', { checkpoint: 'none' }, 'sd_xl_turbo_1.0_fp16.safetensors'],
    ['backend.unknown-sampler', { sampler: 'euler_ancestral' }, 'Euler a'],
    ['backend.unknown-scheduler', { scheduler: 'beta57' }, 'Karras'],
    ['backend.seed-too-large', { seed: 2 ** 32 }, '4294967295'],
    ['backend.no-workflows', { workflow: 'smoke' }, 'ComfyUI'],
    ['backend.family-not-offered', { workflow: 'qwen-image' }, 'Neo'],
    ['backend.task-unknown', { task: 'edit' as const, images: ['x'] }, 'text'],
  ])('refuses with %s before Forge would replace it silently', (id, params, there) => {
    const refused = () => resolveParams({ prompt: 'x', ...params }, offer)
    expect(refused).toThrow(expect.objectContaining({ id, hint: expect.stringContaining(there) as unknown }) as Error)
  })

  it('refuses to generate without any checkpoint', () => {
    expect(() => resolveParams({ prompt: 'x' }, { ...offer, models: [] })).toThrow(
      expect.objectContaining({ id: 'backend.no-models' }) as Error,
    )
  })

  it('always sends steps and cfg, and the largest seed as it is', () => {
    const body = requestBody(resolveParams({ prompt: 'x', seed: 2 ** 32 - 1 }, offer))
    expect(body).toMatchObject({ steps: 4, cfg_scale: 1, seed: 4294967295, save_images: false })
    expect(body['override_settings']).toEqual({ sd_model_checkpoint: turbo.title, show_progress_every_n_steps: 1 })
  })

  it('offers no workflows and the defaults of the loaded model', () => {
    expect(capabilitiesOf(offer)).toMatchObject({ workflows: [], defaults: { steps: 4, workflow: null } })
  })
})

describe('families of Forge and Forge Neo', () => {
  const model = (name: string) => ({ title: `${name}.safetensors [0123abcd]`, model_name: name })
  const zImage = model('z_image_turbo_bf16')
  const qwen = model('qwen/qwen_image_2512_fp8_e4m3fn')
  const neo: Offer = {
    ...offer,
    isNeo: true,
    models: [turbo, zImage, qwen],
    modules: ['qwen_3_4b.safetensors', 'ae.safetensors', 'qwen_image_vae.safetensors'].map((model_name) => ({
      model_name,
    })),
    samplers: [...offer.samplers, 'Res Multistep'],
  }
  const told = (from: Offer) =>
    Capabilities.parse(capabilitiesOf(from)).families.map(({ id, available, checkpoints, missing }) => [
      id,
      available,
      checkpoints.length,
      missing.map(needText),
    ])

  it('tells what each has and lacks, by file and folder', () => {
    expect(told(neo)).toEqual([
      ['z-image-turbo', true, 1, []],
      ['sdxl-turbo', true, 1, []],
      ['qwen-image-2512', false, 1, ['models/text_encoder/qwen_2.5_vl_7b_fp8_scaled.safetensors']],
      [
        'qwen-image',
        false,
        0,
        [
          'models/Stable-diffusion/qwen_image_fp8_e4m3fn.safetensors',
          'models/text_encoder/qwen_2.5_vl_7b_fp8_scaled.safetensors',
        ],
      ],
      ['sdxl-checkpoint', false, 0, ['models/Stable-diffusion/sd_xl_base_1.0.safetensors']],
      ['sd15', false, 0, ['models/Stable-diffusion/v1-5-pruned-emaonly-fp16.safetensors']],
    ])
    expect(told({ ...neo, isNeo: false }).map(([id]) => id)).toEqual(['sdxl-turbo', 'sdxl-checkpoint', 'sd15'])
  })

  it('sends text encoder and VAE with the request, and the shift', () => {
    const params = resolveParams({ prompt: 'x', workflow: 'z-image-turbo' }, neo)
    expect(params).toMatchObject({ checkpoint: zImage.title, steps: 9, cfg: 1, width: 1024, sampler: 'Euler' })
    expect(requestBody(params, modulesFor(params, neo))).toMatchObject({
      distilled_cfg_scale: 9,
      override_settings: {
        sd_model_checkpoint: zImage.title,
        forge_additional_modules: ['qwen_3_4b.safetensors', 'ae.safetensors'],
      },
    })
    expect([zImage, qwen, turbo].map(({ title }) => needsModules({ checkpoint: title }))).toEqual([true, true, false])
  })

  it('refuses a family that lacks a file, unless its files were chosen in the service with it', () => {
    const asked = { prompt: 'x', checkpoint: qwen.title }
    expect(() => resolveParams(asked, neo)).toThrow(
      expect.objectContaining({
        id: 'backend.models-missing',
        params: { workflow: 'qwen-image-2512', missing: 'models/text_encoder/qwen_2.5_vl_7b_fp8_scaled.safetensors' },
      }) as Error,
    )
    // Chosen for another model, they are not this one's.
    expect(() => resolveParams(asked, { ...neo, hasChosenModules: true })).toThrow(/qwen_2\.5/)
    const own = { ...neo, hasChosenModules: true, loaded: qwen.title }
    expect(modulesFor(resolveParams(asked, own), own)).toEqual({ names: null, shift: null })
  })

  it('says that plain Forge does not run them', () => {
    for (const asked of [{ checkpoint: zImage.title }, { workflow: 'z-image-turbo' }])
      expect(() => resolveParams({ prompt: 'x', ...asked }, { ...neo, isNeo: false })).toThrow(
        expect.objectContaining({ id: 'backend.family-not-offered' }) as Error,
      )
  })

  it.each([
    ['dreamshaper_8', 'sd15'],
    ['ponyDiffusionV6XL', 'sdxl-checkpoint'],
    ['DreamShaperXL_Turbo', 'sdxl-turbo'],
    ['z_image_turbo_custom', undefined],
    ['my_z_image_turbo_bf16', undefined],
    ['flux1-dev-bnb-nf4-v2', undefined],
    ['qwen_image_edit_2511_bf16', undefined],
  ])('takes %s for %s', (name, id) => {
    expect(familyOfCheckpoint(model(name).title)?.id).toBe(id)
  })
})

describe('replacedChoices', () => {
  const params = resolveParams({ prompt: 'x' }, offer)

  it('is silent when Forge did as it was told', () => {
    expect(replacedChoices(params, { sampler_name: 'Euler a', sd_model_name: 'sd_xl_turbo_1.0_fp16' })).toEqual([])
    expect(replacedChoices(params, {})).toEqual([])
  })

  it('tells of another sampler and another checkpoint', () => {
    const warnings = replacedChoices(params, { sampler_name: 'DPM++ 2M', sd_model_name: 'v1-5-pruned-emaonly' })
    expect(warnings.map(({ problem }) => problem)).toEqual(['backend.sampler-replaced', 'backend.checkpoint-replaced'])
  })
})

describe('observe', () => {
  const task = (about: object = {}) =>
    TaskProgress.parse({ active: true, queued: false, completed: false, progress: 0.25, textinfo: null, ...about })
  const look = (state: object | null, about: object = {}) => ({
    task: task(about),
    own: state === null ? null : Progress.parse({ progress: 0.3, state }),
  })
  const jpeg = `data:image/jpeg;base64,${Buffer.from([0xff, 0xd8, 0xff, 0xe0]).toString('base64')}`
  const working = { job: 'scripts_txt2img', job_count: 1, sampling_steps: 4 }

  it('tells loading, sampling and decoding once each, and each step once', () => {
    let seen = unseen
    const story: string[] = []
    for (const state of [
      null,
      { ...working, job_count: -1, sampling_step: 0 },
      { ...working, sampling_step: 0 },
      { ...working, sampling_step: 0 },
      { ...working, sampling_step: 1 },
      { ...working, sampling_step: 1 },
      { ...working, sampling_step: 3 },
      { ...working, sampling_step: 3 },
      { ...working, job_no: 1, sampling_step: 0 },
    ]) {
      const next = observe(seen, look(state), 4)
      seen = next.seen
      story.push(...next.events.map((e) => (e.type === 'progress' ? `${e.phase} ${e.step ?? '-'}` : e.type)))
    }
    // The first step counts as sampling: Forge says 0 until the second one is done.
    expect(story).toEqual(['running', 'loading -', 'sampling 1', 'sampling 2', 'sampling 4', 'decoding -'])
  })

  it('tells its place in the line when that changes', () => {
    const waiting = (textinfo: string) => look(null, { active: false, queued: true, textinfo })
    const first = observe(unseen, waiting('In queue: 2/3'), 4)
    expect(first.events).toEqual([{ type: 'queued', position: 2 }])
    expect(observe(first.seen, waiting('In queue: 2/3'), 4).events).toEqual([])
    expect(observe(first.seen, waiting('In queue: 1/2'), 4).events).toEqual([{ type: 'queued', position: 1 }])
  })

  it('says nothing of a task that is neither waiting nor at work', () => {
    expect(observe(unseen, look(null, { active: false, textinfo: 'Waiting...' }), 4)).toEqual({
      seen: unseen,
      events: [],
    })
  })

  it('shows each live picture once, and asks for the next', () => {
    const sampling = { ...working, sampling_step: 1 }
    const first = observe(unseen, look(sampling, { live_preview: jpeg, id_live_preview: 5 }), 4)
    expect(first.events.at(-1)).toMatchObject({ type: 'preview', mime: 'image/jpeg', step: 2 })
    expect(first.seen.previewId).toBe(5)
    expect(observe(first.seen, look(sampling, { live_preview: null, id_live_preview: 5 }), 4).events).toEqual([])
  })

  it('believes an interruption only of its own job', () => {
    const sampling = { ...working, sampling_step: 1 }
    expect(observe(unseen, look({ ...sampling, interrupted: false }), 4).seen.stopped).toBe(false)
    expect(observe(unseen, look({ ...sampling, interrupted: true }), 4).seen.stopped).toBe(true)
    expect(observe(unseen, look(null), 4).seen.stopped).toBe(false)
  })
})

describe('jobProblem', () => {
  const answer = (status: number, body: unknown) => ({
    status,
    headers: {},
    body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
  })

  it('reads a 422 as a list and as a string', () => {
    const list = jobProblem(
      answer(422, { detail: [{ type: 'int_parsing', loc: ['body', 'steps'], msg: 'not an integer', input: 'abc' }] }),
    )
    expect(list?.message).toBe('The service refuses “steps” of txt2img: not an integer')
    expect(jobProblem(answer(422, { detail: "Script 'x' not found" }))?.message).toContain("Script 'x' not found")
    expect(jobProblem(answer(400, { detail: 'Sampler not found' }))).toMatchObject({
      id: 'backend.job-refused',
      params: { detail: 'Sampler not found' },
    })
    expect(jobProblem(answer(400, 'no JSON'))).toBeNull()
  })

  it('recognises a full GPU in a 500', () => {
    const problem = jobProblem(
      answer(500, { error: 'OutOfMemoryError', detail: '', body: '', message: 'CUDA out of memory.' }),
    )
    expect(problem?.id).toBe('backend.out-of-memory')
    expect(problem?.params['detail']).toBe('OutOfMemoryError: CUDA out of memory.')
  })

  it('keeps the words of any other 500 that Forge itself made', () => {
    expect(jobProblem(answer(500, { error: 'TypeError', detail: '', message: 'bad operand' }))?.message).toContain(
      'TypeError: bad operand',
    )
  })

  it('leaves answers that are not about the job to the general rules', () => {
    expect(jobProblem(answer(401, { detail: 'Not authenticated' }))).toBeNull()
    expect(jobProblem(answer(500, 'Internal Server Error'))).toBeNull()
  })
})
