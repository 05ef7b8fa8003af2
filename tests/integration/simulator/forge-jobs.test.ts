import { readdirSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { encodePng, readPngTexts } from '../../../electron/simulator/media/png'
import { decodeImage } from '../../../electron/simulator/media/raster'
import { ask, bytesOf, folder, forge, generate, post, progress, small, type Generated } from './support'

describe('a mask', () => {
  test.each([
    ['keeps what is black', 0, 0, true],
    ['turned over keeps what is white', 255, 1, true],
    ['turned over changes what is black', 0, 1, false],
  ])('%s', async (_what, grey, inpainting_mask_invert, isKept) => {
    const { url } = await forge()
    const plain = async (value: number) =>
      (await encodePng({ width: 64, height: 64, data: new Uint8Array(64 * 64 * 3).fill(value) })).toString('base64')
    const body = { init_images: [await plain(120)], mask: await plain(grey), denoising_strength: 1 }
    const answer = await post(url, 'img2img', { ...small, ...body, inpainting_mask_invert })
    const { images } = answer.json as Generated
    const raster = decodeImage(bytesOf(images[0]))
    expect(raster?.data.every((value) => value === 120)).toBe(isKept)
  })
})

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
