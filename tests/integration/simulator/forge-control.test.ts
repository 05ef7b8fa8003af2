import { describe, expect, test } from 'vitest'
import { decodeImage } from '../../../electron/simulator/media/raster'
import { until } from '../../support/until'
import { ask, bytesOf, folder, forge, generate, post, progress, small } from './support'

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
    const { url } = await forge({ behaviour: { stepMs: 20 } })
    const job = post(url, 'txt2img', { ...small, steps: 40 })
    const halfway = await until('a step', async () => {
      const now = await progress(url)
      return now.state.sampling_step > 2 && now
    })
    expect(halfway.state).toMatchObject({ job: 'scripts_txt2img', job_count: 1, job_no: 0, sampling_steps: 40 })
    expect(halfway.progress).toBeCloseTo(0.01 + halfway.state.sampling_step / 40, 5)
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
    const job = post(url, 'txt2img', { ...small, steps: 50 })
    const seen = await until('a preview', async () => {
      const now = await progress(url)
      return now.current_image !== null && now
    })
    expect(decodeImage(bytesOf(seen.current_image ?? ''))).toMatchObject({ width: 64, height: 64 })
    expect((await progress(url, '?skip_current_image=true')).current_image).toBeNull()
    await job
  })

  test('has a picture as often as the request itself asks for', async () => {
    const { url } = await forge({ behaviour: { stepMs: 20, preview: 'png' } })
    const job = post(url, 'txt2img', { ...small, steps: 8, override_settings: { show_progress_every_n_steps: 1 } })
    await until('a preview', async () => (await progress(url)).current_image !== null)
    await job
  })

  test('can be followed by task, also while it waits', async () => {
    const { url } = await forge({ behaviour: { stepMs: 20 } })
    const task = async (id: string) =>
      (await ask(`${url}/internal/progress`, { body: { id_task: id, id_live_preview: -1 } })).json as Record<
        string,
        unknown
      >
    const first = post(url, 'txt2img', { ...small, steps: 40, force_task_id: 'task(one)' })
    await until('the first', async () => (await task('task(one)'))['active'])
    const second = post(url, 'txt2img', { ...small, force_task_id: 'task(two)' })
    await until('the second', async () => (await task('task(two)'))['queued'])
    expect(await task('task(two)')).toMatchObject({ active: false, completed: false, textinfo: 'In queue: 1/1' })
    // What runs waits no more.
    expect((await ask(`${url}/internal/pending-tasks`)).json).toEqual({ size: 1, tasks: ['task(two)'] })
    await Promise.all([first, second])
    expect(await task('task(two)')).toMatchObject({ active: false, queued: false, completed: true })
    expect(await task('task(none)')).toEqual({
      ...{ active: false, queued: false, completed: false, progress: null, eta: null },
      ...{ live_preview: null, id_live_preview: -1, textinfo: 'Waiting...' },
    })
  })

  test('a task that failed stays the current one, although nothing runs', async () => {
    const { url } = await forge({ behaviour: { oomAtStep: 1 } })
    expect((await post(url, 'txt2img', { ...small, force_task_id: 'task(bad)' })).status).toBe(500)
    expect((await ask(`${url}/internal/progress`, { body: { id_task: 'task(bad)' } })).json).toMatchObject({
      active: true,
      completed: false,
    })
    expect((await progress(url)).state).toMatchObject({ job: '', job_count: 0 })
  })

  test('steps are counted from 0, after they were made, and the last job’s stay', async () => {
    const { url } = await forge({ behaviour: { stepMs: 20 } })
    const job = post(url, 'txt2img', { ...small, steps: 12 })
    const first = await until('sampling', async () => {
      const { state } = await progress(url)
      return state.job_count === 1 && state.sampling_steps === 12 && state
    })
    expect(first.sampling_step).toBeLessThan(12)
    await job
    expect((await progress(url)).state).toMatchObject({ job: '', sampling_step: 0, sampling_steps: 12, job_no: 1 })
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
      body: JSON.stringify({ ...small, steps: 100 }),
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
