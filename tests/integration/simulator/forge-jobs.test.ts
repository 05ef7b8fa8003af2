import { readdirSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { encodePng, readPngTexts } from '../../../electron/simulator/media/png'
import { decodeImage } from '../../../electron/simulator/media/raster'
import { until } from '../../support/until'
import { ask, folder, forge } from './support'

interface Generated {
  images: string[]
  parameters: Record<string, unknown>
  info: string
}

interface Progress {
  progress: number
  eta_relative: number
  state: {
    job: string
    job_count: number
    job_no: number
    sampling_step: number
    sampling_steps: number
    interrupted: boolean
  }
  current_image: string | null
  textinfo: null
}

const small = { prompt: 'a lake', seed: 7, steps: 2, cfg_scale: 1, width: 64, height: 64, sampler_name: 'Euler a' }

const post = (url: string, name: string, body?: unknown) =>
  ask(`${url}/sdapi/v1/${name}`, body === undefined ? { method: 'POST' } : { body })

async function generate(url: string, more: Record<string, unknown> = {}) {
  const answer = await post(url, 'txt2img', { ...small, ...more })
  const generated = answer.json as Generated
  return { answer, generated, info: JSON.parse(generated.info) as Record<string, unknown> & { infotexts: string[] } }
}

const progress = async (url: string, query = '') => (await ask(`${url}/sdapi/v1/progress${query}`)).json as Progress

const bytesOf = (base64 = '') => Buffer.from(base64, 'base64')

describe('bodies that do not fit', () => {
  test.each<[what: string, body: unknown, issue: object]>([
    ['a word for a number', { steps: 'abc' }, { type: 'int_parsing', loc: ['body', 'steps'], input: 'abc' }],
    ['a fraction for a whole number', { steps: 20.5 }, { type: 'int_from_float', loc: ['body', 'steps'], input: 20.5 }],
    ['a number for a text', { prompt: 5 }, { type: 'string_type', loc: ['body', 'prompt'], input: 5 }],
    ['null for a text', { prompt: null }, { type: 'string_type', loc: ['body', 'prompt'] }],
    ['a word for a fraction', { cfg_scale: 'x' }, { type: 'float_parsing', loc: ['body', 'cfg_scale'] }],
    ['a text for a list', { styles: 'x' }, { type: 'list_type', loc: ['body', 'styles'] }],
    [
      'a number in a list of texts',
      { styles: ['a', 1] },
      { type: 'string_type', loc: ['body', 'styles', 1], input: 1 },
    ],
    ['a list for an object', { override_settings: [] }, { type: 'dict_type', loc: ['body', 'override_settings'] }],
    ['a word for yes or no', { tiling: 'maybe' }, { type: 'bool_parsing', loc: ['body', 'tiling'] }],
    ['a list as body', [], { type: 'model_attributes_type', loc: ['body'] }],
    ['no JSON', '{', { type: 'json_invalid', msg: 'JSON decode error' }],
    ['an empty body', '', { type: 'missing', loc: ['body'], msg: 'Field required' }],
  ])('%s', async (_what, body, issue) => {
    const { url } = await forge()
    const headers = { 'content-type': 'application/json' }
    const answer = await ask(`${url}/sdapi/v1/txt2img`, { method: 'POST', headers, body })
    const { detail } = answer.json as { detail: unknown[] }
    expect([answer.status, detail.length]).toEqual([422, 1])
    expect(detail[0]).toMatchObject(issue)
  })

  test('every wrong field is listed', async () => {
    const { url } = await forge()
    const answer = await post(url, 'txt2img', { steps: 'abc', width: 'x', prompt: 1 })
    expect((answer.json as { detail: unknown[] }).detail).toHaveLength(3)
  })

  test('a number in a text is converted, and unknown fields are ignored', async () => {
    const { url } = await forge()
    const { generated } = await generate(url, { steps: '2', nobody: true })
    expect(generated.parameters['steps']).toBe(2)
    expect(generated.parameters).not.toHaveProperty('nobody')
  })

  test.each([
    [{ script_name: 'x' }, "Script 'x' not found"],
    [{ alwayson_scripts: { x: { args: [] } } }, 'always on script x not found'],
  ])('an unknown script is a text, not a list', async (body, detail) => {
    const { url } = await forge()
    const answer = await post(url, 'txt2img', body)
    expect([answer.status, answer.json]).toEqual([422, { detail }])
  })
})

describe('what fails late', () => {
  test.each<[what: string, body: Record<string, unknown>, error: string]>([
    ['a width of 1', { width: 1 }, 'RuntimeError'],
    ['no steps', { steps: 0 }, 'IndexError'],
    ['an enormous picture', { width: 100_000, height: 100_000 }, 'OutOfMemoryError'],
    ['the second pass without denoising', { enable_hr: true }, 'TypeError'],
    ['the second pass without modules', { enable_hr: true, denoising_strength: 0.5 }, 'TypeError'],
  ])('%s', async (_what, body, error) => {
    const { url } = await forge()
    const answer = await post(url, 'txt2img', { ...small, ...body })
    expect([answer.status, answer.json]).toMatchObject([
      500,
      { error, detail: '', body: '', message: expect.any(String) as string },
    ])
    expect((await progress(url)).state.job_count).toBe(0)
  })

  test('running out of memory leaves the server able to go on', async () => {
    const { url, behave } = await forge({ behaviour: { oomAtStep: 1 } })
    const failed = await post(url, 'txt2img', small)
    expect(failed.json).toMatchObject({
      error: 'OutOfMemoryError',
      message: expect.stringContaining('CUDA out of memory') as string,
    })
    behave({ oomAtStep: null })
    expect((await generate(url)).answer.status).toBe(200)
  })

  test('without any checkpoint', async () => {
    const { url } = await forge({ behaviour: { models: 'none' } })
    expect((await ask(`${url}/sdapi/v1/sd-models`)).json).toEqual([])
    expect((await post(url, 'txt2img', small)).json).toMatchObject({
      error: 'ValueError',
      message: 'You do not have any model!',
    })
  })
})

describe('a generation', () => {
  test('answers a PNG with its parameters, and the info as a text', async () => {
    const { url } = await forge()
    const { generated, info } = await generate(url, { negative_prompt: 'fog, text', scheduler: 'Turbo' })
    const bytes = bytesOf(generated.images[0])
    expect(decodeImage(bytes)).toMatchObject({ width: 64, height: 64 })
    const expected =
      'a lake\nNegative prompt: fog, text\nSteps: 2, Sampler: Euler a, Schedule type: Turbo, CFG scale: 1, Seed: 7, ' +
      'Size: 64x64, Model hash: e869ac7d69, Model: sd_xl_turbo_1.0_fp16, Version: f2.0.1v1.10.1-previous-669-gdfdcbab6'
    expect(readPngTexts(bytes)).toEqual({ parameters: expected })
    expect(info).toMatchObject({
      seed: 7,
      all_seeds: [7],
      sampler_name: 'Euler a',
      sd_model_name: 'sd_xl_turbo_1.0_fp16',
      index_of_first_image: 0,
      infotexts: [expected],
    })
    const read = await post(url, 'png-info', { image: generated.images[0] })
    expect(read.json).toMatchObject({
      info: expected,
      items: {},
      parameters: { Prompt: 'a lake', 'Negative prompt': 'fog, text', Steps: '2', 'Size-1': '64', Sampler: 'Euler a' },
    })
  })

  test('draws a seed for -1, and repeats a given one to the byte', async () => {
    const { url } = await forge()
    const [one, same, other] = [await generate(url), await generate(url), await generate(url, { seed: -1 })]
    expect(same.generated.images).toEqual(one.generated.images)
    expect(other.info['seed']).toEqual(expect.any(Number))
    expect(other.info['seed']).not.toBe(-1)
    expect(other.generated.images).not.toEqual(one.generated.images)
  })

  test('takes the defaults of the API, which suit no turbo model', async () => {
    const { url } = await forge()
    const answer = await post(url, 'txt2img', { prompt: '', seed: 1, width: 64, height: 64 })
    expect((answer.json as Generated).parameters).toMatchObject({ steps: 50, cfg_scale: 7, sampler_index: 'Euler' })
  })

  test.each([
    ['Nope', null, 'DPM++ 2M', 'Automatic'],
    ['k_euler_a', null, 'DPM++ 2M', 'Automatic'],
    ['DPM++ 2M Karras', null, 'DPM++ 2M', 'Karras'],
    ['Euler a', 'sgm_uniform', 'Euler a', 'SGM Uniform'],
    ['Euler a', 'SGMUniform', 'Euler a', 'SGM Uniform'],
  ])('sampler %s with scheduler %s becomes %s, %s', async (sampler_name, scheduler, sampler, label) => {
    const { url } = await forge()
    const { info } = await generate(url, { sampler_name, scheduler })
    expect([info['sampler_name'], info['extra_generation_params']]).toEqual([sampler, { 'Schedule type': label }])
  })

  test('an override that names no checkpoint is dropped, and one that does is used once', async () => {
    const { url } = await forge()
    const model = async (name: string) =>
      (await generate(url, { override_settings: { sd_model_checkpoint: name } })).info['sd_model_name']
    expect(await model('nope')).toBe('sd_xl_turbo_1.0_fp16')
    expect(await model('sd_xl_base_1.0')).toBe('sd_xl_base_1.0')
    expect((await generate(url)).info['sd_model_name']).toBe('sd_xl_turbo_1.0_fp16')
  })

  test('makes batches, and puts the grid first when it saves them', async () => {
    const at = folder()
    const { url } = await forge({ folder: at })
    const plain = await generate(url, { batch_size: 2, n_iter: 2 })
    expect([plain.generated.images.length, plain.info['all_seeds']]).toEqual([4, [7, 8, 9, 10]])
    expect(plain.info['index_of_first_image']).toBe(0)
    const saved = await generate(url, { batch_size: 2, n_iter: 2, save_images: true })
    expect([saved.generated.images.length, saved.info['index_of_first_image']]).toEqual([5, 1])
    expect(decodeImage(bytesOf(saved.generated.images[0]))).toMatchObject({ width: 128, height: 128 })
    const base = path.join(at, 'outputs', 'txt2img-images')
    expect(readdirSync(path.join(base, readdirSync(base)[0] ?? ''))).toHaveLength(4)
    expect((await generate(url, { send_images: false })).generated.images).toEqual([])
  })

  test('follows the option that chooses the format', async () => {
    const { url } = await forge()
    expect((await post(url, 'options', { samples_format: 'jpg' })).json).toBeNull()
    const { generated } = await generate(url)
    expect(bytesOf(generated.images[0]).readUInt16BE(0)).toBe(0xffd8)
  })

  test('with a second pass has its size in the picture and the first one’s in the info', async () => {
    const { url } = await forge()
    const second = { enable_hr: true, denoising_strength: 0.5, hr_additional_modules: ['Use same choices'] }
    const { generated, info } = await generate(url, second)
    expect(decodeImage(bytesOf(generated.images[0]))).toMatchObject({ width: 128, height: 128 })
    expect([info['width'], info['height']]).toEqual([64, 64])
  })
})

describe('image to image', () => {
  const source = async () =>
    (await encodePng({ width: 32, height: 32, data: new Uint8Array(32 * 32 * 3).fill(200) })).toString('base64')

  test('has the size that was asked for, and forgets the source in its echo', async () => {
    const { url } = await forge()
    for (const image of [await source(), `data:image/png;base64,${await source()}`]) {
      const answer = await post(url, 'img2img', { ...small, init_images: [image], mask: await source() })
      const { images, parameters } = answer.json as Generated
      expect(decodeImage(bytesOf(images[0]))).toMatchObject({ width: 64, height: 64 })
      expect(parameters).toMatchObject({ init_images: null, mask: null, denoising_strength: 0.75 })
    }
  })

  test.each<[what: string, body: Record<string, unknown>, status: number, detail: string]>([
    ['no source', {}, 404, 'Init image not found'],
    ['a null source', { init_images: null }, 404, 'Init image not found'],
    ['a source that is no picture', { init_images: ['bm8='] }, 500, 'Invalid encoded image'],
    ['a source elsewhere', { init_images: ['http://127.0.0.1/x.png'] }, 500, 'Requests not allowed'],
  ])('%s', async (_what, body, status, detail) => {
    const { url } = await forge()
    const answer = await post(url, 'img2img', { ...small, ...body })
    expect([answer.status, answer.json]).toEqual([status, { detail }])
  })
})

describe('progress', () => {
  test('is nothing when idle', async () => {
    const { url } = await forge()
    expect(await progress(url)).toMatchObject({
      progress: 0,
      eta_relative: 0,
      state: { job: '', job_count: 0, job_no: 0, sampling_step: 0, sampling_steps: 0 },
      current_image: null,
      textinfo: null,
    })
  })

  test('describes whatever runs, and falls back to nothing at once', async () => {
    const { url } = await forge({ behaviour: { stepMs: 30 } })
    const job = post(url, 'txt2img', { ...small, steps: 12 })
    const halfway = await until('a step', async () => {
      const now = await progress(url)
      return now.state.sampling_step > 2 && now
    })
    expect(halfway.state).toMatchObject({ job: 'scripts_txt2img', job_count: 1, job_no: 0, sampling_steps: 12 })
    expect(halfway.progress).toBeCloseTo(0.01 + halfway.state.sampling_step / 12, 5)
    expect(halfway.current_image).toBeNull()
    await job
    expect((await progress(url)).progress).toBe(0)
  })

  test('before sampling starts it is about one per cent', async () => {
    const { url } = await forge({ behaviour: { loadMs: 200 } })
    const job = post(url, 'txt2img', small)
    const loading = await until('the job', async () => {
      const now = await progress(url)
      return now.progress > 0 && now
    })
    expect([loading.progress, loading.state.job_count, loading.state.sampling_step]).toEqual([0.01, -1, 0])
    await job
  })

  test('has a picture only when enough steps went by, and when it is not declined', async () => {
    const { url } = await forge({ behaviour: { stepMs: 20, preview: 'png' } })
    await post(url, 'options', { show_progress_every_n_steps: 1 })
    const job = post(url, 'txt2img', { ...small, steps: 20 })
    const seen = await until('a preview', async () => {
      const now = await progress(url)
      return now.current_image !== null && now
    })
    expect(decodeImage(bytesOf(seen.current_image ?? ''))).toMatchObject({ width: 64, height: 64 })
    expect((await progress(url, '?skip_current_image=true')).current_image).toBeNull()
    await job
  })

  test('can be followed by task, also while it waits', async () => {
    const { url } = await forge({ behaviour: { stepMs: 20 } })
    const task = async (id: string) =>
      (await ask(`${url}/internal/progress`, { body: { id_task: id, id_live_preview: -1 } })).json as Record<
        string,
        unknown
      >
    const first = post(url, 'txt2img', { ...small, steps: 10, force_task_id: 'task(one)' })
    await until('the first', async () => (await task('task(one)'))['active'])
    const second = post(url, 'txt2img', { ...small, force_task_id: 'task(two)' })
    await until('the second', async () => (await task('task(two)'))['queued'])
    expect(await task('task(two)')).toMatchObject({ active: false, completed: false, textinfo: 'In queue: 1/1' })
    expect((await ask(`${url}/internal/pending-tasks`)).json).toEqual({ size: 2, tasks: ['task(one)', 'task(two)'] })
    await Promise.all([first, second])
    expect(await task('task(two)')).toMatchObject({ active: false, queued: false, completed: true })
  })
})

describe('stopping', () => {
  test('an interrupt answers with what there is, and the next job is whole again', async () => {
    const { url } = await forge({ behaviour: { stepMs: 10 } })
    const whole = await generate(url)
    const job = generate(url, { steps: 500, n_iter: 3 })
    await until('a step', async () => (await progress(url)).state.sampling_step > 1)
    const answer = await post(url, 'interrupt')
    expect([answer.status, answer.json]).toEqual([200, {}])
    const stopped = await job
    expect([stopped.answer.status, stopped.generated.images.length]).toEqual([200, 1])
    expect(stopped.generated.images[0]).not.toBe(whole.generated.images[0])
    expect((await generate(url)).generated.images).toEqual(whole.generated.images)
  })

  test('an idle server takes an interrupt without harm', async () => {
    const { url } = await forge()
    await post(url, 'interrupt')
    expect((await generate(url)).generated.images).toHaveLength(1)
  })

  test('a skip goes on with the next image', async () => {
    const { url } = await forge({ behaviour: { stepMs: 10 } })
    const job = generate(url, { steps: 60, n_iter: 2 })
    await until('a step', async () => (await progress(url)).state.sampling_step > 1)
    expect((await post(url, 'skip')).json).toBeNull()
    await until('the second image', async () => (await progress(url)).state.job_no === 1)
    expect((await job).generated.images).toHaveLength(2)
  })

  test('closing the connection does not stop the job', async () => {
    const { url } = await forge({ behaviour: { stepMs: 20 } })
    const cut = new AbortController()
    const request = fetch(`${url}/sdapi/v1/txt2img`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      signal: cut.signal,
      body: JSON.stringify({ ...small, steps: 10 }),
    })
    await until('a step', async () => (await progress(url)).state.sampling_step > 0)
    cut.abort()
    await expect(request).rejects.toThrow()
    const before = (await progress(url)).state.sampling_step
    await until('a later step', async () => (await progress(url)).state.sampling_step > before)
  })
})

describe('options and lists', () => {
  test('a checkpoint may be named in several ways; an unknown one and an unknown key are refused', async () => {
    const { url } = await forge()
    const set = (body: object) => post(url, 'options', body)
    for (const name of ['sd_xl_base_1.0', 'sd_xl_base_1.0.safetensors', 'sd_xl_base_1.0.safetensors [31e35c80fc]']) {
      expect([(await set({ sd_model_checkpoint: name })).status, (await generate(url)).info['sd_model_name']]).toEqual([
        200,
        'sd_xl_base_1.0',
      ])
    }
    expect((await set({ sd_model_checkpoint: 'x' })).json).toMatchObject({
      error: 'RuntimeError',
      message: "model 'x' not found",
    })
    expect((await set({ nobody: 1 })).json).toMatchObject({ error: 'KeyError' })
  })

  test('options outlive the program', async () => {
    const at = folder()
    const first = await forge({ folder: at })
    await post(first.url, 'options', { sd_model_checkpoint: 'sd_xl_base_1.0' })
    await first.close()
    const second = await forge({ folder: at })
    expect((await ask(`${second.url}/sdapi/v1/options`)).json).toMatchObject({
      sd_model_checkpoint: 'sd_xl_base_1.0.safetensors [31e35c80fc]',
    })
  })

  test('a new checkpoint file has no hash in its title', async () => {
    const at = folder({ 'models/Stable-diffusion/mine.safetensors': '' })
    const { url } = await forge({ folder: at })
    expect((await post(url, 'refresh-checkpoints')).json).toBeNull()
    expect((await ask(`${url}/sdapi/v1/sd-models`)).json).toContainEqual(
      expect.objectContaining({ title: 'mine.safetensors', model_name: 'mine', hash: null }),
    )
  })

  test('the first sampler is the one that unknown names become, and there are 25', async () => {
    const { url } = await forge()
    const samplers = (await ask(`${url}/sdapi/v1/samplers`)).json as { name: string }[]
    const schedulers = (await ask(`${url}/sdapi/v1/schedulers`)).json as { name: string }[]
    expect([samplers[0]?.name, samplers.length, schedulers[0]?.name, schedulers.length]).toEqual([
      'DPM++ 2M',
      25,
      'automatic',
      16,
    ])
  })

  test('memory grows with a model and shrinks when it is unloaded', async () => {
    const { url } = await forge()
    const used = async () =>
      ((await ask(`${url}/sdapi/v1/memory`)).json as { cuda: { system: { used: number } } }).cuda.system.used
    const idle = await used()
    await generate(url)
    expect(await used()).toBeGreaterThan(idle)
    expect((await post(url, 'unload-checkpoint')).json).toEqual({})
    expect(await used()).toBe(idle)
  })
})
