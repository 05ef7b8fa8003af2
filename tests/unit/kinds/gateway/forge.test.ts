import { describe, expect, it } from 'vitest'
import { fn, forgeConfig } from './forge-config'
import { isolated, chief, maya, noah } from './world'

const idle = { progress: 0, state: { job: '', job_count: 0 }, current_image: null }
const running =
  '{"progress": 0.5, "state": {"job": "scripts_txt2img", "job_count": 1}, "current_image": "cGljdHVyZQ=="}'

/** A Forge on which one task runs; `null`: one without pages, which does not tell. */
function forge(active: string | null, kind: 'forge' | 'forge-neo' = 'forge') {
  const inside = isolated(kind)
  const asked: string[] = []
  inside.told.answer = ({ target, json }) => {
    if (target !== '/internal/progress') return null
    if (active === null) return { status: 404 }
    const { id_task: id } = json as { id_task: string }
    asked.push(id)
    return { body: JSON.stringify({ active: id === active, queued: false, completed: false }) }
  }
  return { ...inside, asked, run: (id: string | null) => void (active = id) }
}

/** Begins a picture of somebody's; ends as its request does. */
async function begin(inside: ReturnType<typeof forge>, visitor: typeof maya, id: string) {
  const handling = await inside.handled('POST /sdapi/v1/txt2img', visitor)
  await handling.body?.read(Buffer.from(JSON.stringify({ prompt: 'a', force_task_id: id })))
  return handling
}

describe.each(['forge', 'forge-neo'] as const)('jobs of %s', (kind) => {
  it('get an id, by which it is known whose they are', async () => {
    const { told, handled } = forge(null, kind)
    for (const body of ['{"seed": 18446744073709551615}', '{"force_task_id": null}', '{"force_task_id": ""}']) {
      const handling = await handled('POST /sdapi/v1/img2img', maya)
      const sent = await handling.body?.read(Buffer.from(body))
      const text = Buffer.isBuffer(sent) ? sent.toString() : ''
      const { force_task_id: id } = JSON.parse(text) as { force_task_id: string }
      expect(id).toMatch(/^task\(regie-[0-9a-f-]{36}\)$/)
      expect(handling.jobId?.()).toBe(id)
      expect(told.owners.get(`task ${id}`)).toBe('maya')
      if (body.includes('seed')) expect(text).toContain('18446744073709551615')
    }
  })

  it('take no id of somebody else’s, and change no settings that stay or that name places', async () => {
    const { told, sends } = forge(null, kind)
    told.owners.set('task his', 'noah')
    const post = (body: object, visitor = maya) => sends('POST /sdapi/v1/txt2img', visitor, body)
    await expect(post({ force_task_id: 'his' })).rejects.toThrow('not yours')
    await expect(post({ force_task_id: 5 })).rejects.toThrow('force_task_id')
    for (const setting of [
      'outdir_samples',
      'samples_filename_pattern',
      'save_images_add_number',
      'api_enable_requests',
      'new',
    ])
      await expect(post({ override_settings: { [setting]: '/etc' } }), setting).rejects.toThrow('administrator')
    expect(
      await post({ override_settings: { sd_model_checkpoint: 'x' }, override_settings_restore_afterwards: false }),
    ).not.toContain('restore')
    expect(
      await post({ override_settings: { outdir_samples: '/a' }, override_settings_restore_afterwards: false }, chief),
    ).toMatch(/outdir.*restore/)
    expect(await sends('POST /sdapi/v1/txt2img', maya, '[1]')).toBe('[1]')
    expect(await sends('POST /sdapi/v1/txt2img', maya, 'x')).toBe('{')
  })

  it('read no file and no folder of the service’s machine', async () => {
    const { sends } = forge(null, kind)
    const unit = (more: object) => ({ alwayson_scripts: { controlnet: { args: [{ module: 'none', ...more }] } } })
    const refused = [
      unit({ image: 'outputs/txt2img-images/2026-11-30/00001-7.png' }),
      unit({ image: { image: 'C:\\forge\\outputs\\a.PNG. ' } }),
      unit({ batch_image_dir: 'outputs' }),
      { script_args: [1, '/opt/forge/outputs'] },
      { init_images: ['a.webp::$DATA'] },
    ]
    for (const job of refused) {
      await expect(sends('POST /sdapi/v1/txt2img', maya, job), JSON.stringify(job)).rejects.toThrow('not a file of')
      expect(await sends('POST /sdapi/v1/img2img', chief, job)).toContain('force_task_id')
    }
    await expect(
      sends('POST /controlnet/detect', maya, { controlnet_input_images: ['outputs/a.png'] }),
    ).rejects.toThrow('not a file of')
    const own = { ...unit({ image: `/9j/${'A'.repeat(2_000)}`, model: 'canny [d14c016b]', batch_image_dir: '' }) }
    const words = { prompt: '/ a cat.png', styles: [], negative_prompt: '', alwayson_scripts: own.alwayson_scripts }
    expect(await sends('POST /sdapi/v1/txt2img', maya, words)).toContain('canny')
    expect(await sends('POST /controlnet/detect', maya, { controlnet_input_images: ['/9j/'.repeat(500)] })).toContain(
      '9j',
    )
  })
})

describe('progress of Forge', () => {
  it('tells of one’s own task alone', async () => {
    const inside = forge('hers')
    const progress = 'GET /sdapi/v1/progress'
    expect(JSON.parse((await inside.own(progress, maya)).body)).toMatchObject(idle)
    expect(inside.asked).toEqual([])
    const job = await begin(inside, maya, 'hers')
    expect(await inside.gives(progress, maya, running)).toBe(running)
    expect(JSON.parse((await inside.own(progress, noah)).body)).toMatchObject(idle)
    expect(await inside.handled(progress, chief)).toEqual({})
    // The next one's has begun before the answer came.
    const handling = await inside.handled(progress, maya)
    inside.run('his')
    expect(JSON.parse(String(await handling.answer?.read(Buffer.from(running))))).toMatchObject(idle)
    job.ended?.()
    inside.run('hers')
    expect(JSON.parse((await inside.own(progress, maya)).body)).toMatchObject(idle)
  })

  it('shows no picture where it is not told whose task runs, and nothing while somebody else is here', async () => {
    const inside = forge(null)
    const progress = 'GET /sdapi/v1/progress'
    expect(JSON.parse((await inside.own(progress, maya)).body)).toMatchObject(idle)
    await begin(inside, maya, 'hers')
    expect(JSON.parse(await inside.gives(progress, maya, running))).toMatchObject({
      progress: 0.5,
      current_image: null,
    })
    const handling = await inside.handled(progress, maya)
    const work = await inside.handled('POST /sdapi/v1/extra-single-image', noah)
    work.watch?.().next(Buffer.from('{'))
    expect(JSON.parse(String(await handling.answer?.read(Buffer.from(running))))).toMatchObject(idle)
    expect(JSON.parse((await inside.own(progress, maya)).body)).toMatchObject(idle)
  })

  it('knows a task by its id for its person alone', async () => {
    const inside = forge(null)
    await begin(inside, noah, 'his')
    const ask = (visitor: typeof maya, body: string) => inside.sends('POST /internal/progress', visitor, body)
    expect(await ask(noah, '{"live_preview": true, "id_task": "x", "id_task": "his"}')).toBe(
      '{"id_task": "his", "live_preview": true}',
    )
    for (const body of ['{"id_task": "his"}', '{"id_task": "none"}', '{"id_task": null}', '{}'])
      expect(await ask(maya, body), body).toMatch(/^own 200 \{"active":false,"queued":false,"completed":false/)
    await expect(ask(maya, '[]')).rejects.toThrow('no JSON object')
    const tasks = '{"size": 2, "tasks": ["his", "other"]}'
    expect(await inside.gives('GET /internal/pending-tasks', maya, tasks)).toBe('{"size": 2, "tasks": []}')
    expect(await inside.gives('GET /internal/pending-tasks', noah, tasks)).toBe('{"size": 2, "tasks": ["his"]}')
  })
})

describe('orders to Forge', () => {
  it.each(['interrupt', 'skip'])('%s goes through while one’s own task runs', async (name) => {
    const inside = forge('hers')
    const order = `POST /sdapi/v1/${name}`
    const nothing = { status: 200, body: name === 'skip' ? 'null' : '{}' }
    expect(await inside.own(order, maya)).toMatchObject(nothing)
    await begin(inside, maya, 'hers')
    await begin(inside, noah, 'his')
    expect(await inside.handled(order, maya)).toEqual({})
    expect(await inside.own(order, noah)).toMatchObject(nothing)
    inside.run('his')
    expect(await inside.own(order, maya)).toMatchObject(nothing)
    expect(await inside.handled(order, noah)).toEqual({})
    expect(await inside.handled(order, chief)).toEqual({})
    inside.run(null)
    await expect(inside.ask(order, maya)).rejects.toThrow('not known whose job')
  })

  it('interrupts nothing where Forge does not say', async () => {
    const inside = forge('hers')
    await begin(inside, maya, 'hers')
    for (const said of [{ status: 500 }, { body: 'x' }, { body: '{}' }]) {
      inside.told.answer = () => said
      await expect(inside.ask('POST /sdapi/v1/interrupt', maya)).rejects.toThrow('not known whose job')
    }
  })
})

describe('pages of Forge', () => {
  it('starts tasks that are the administrator’s', async () => {
    const inside = forge('task(abc)')
    inside.told.answers['GET /app_id'] = { body: '{"app_id": 7}' }
    inside.told.answers['GET /config'] = { body: JSON.stringify(forgeConfig(7)) }
    const call = '{"data": ["task(abc)",  1], "fn_index": 3000}'
    expect(await inside.sends('POST /queue/join', chief, call)).toBe(call)
    expect(inside.told.owners.get('task task(abc)')).toBe('chief')
    inside.told.owners.set('task task(def)', 'noah')
    await expect(inside.sends('POST /queue/join', chief, '{"data": ["task(def)"]}')).rejects.toThrow('not yours')
  })

  it('shows pictures that one’s own jobs made, and parts of the page', async () => {
    const inside = forge(null)
    inside.told.answers['GET /app_id'] = { body: '{"app_id": 7}' }
    inside.told.answers['GET /config'] = { body: JSON.stringify(forgeConfig(7)) }
    const body = { data: [], fn_index: fn.count, session_hash: 'x' }
    await inside.exchanged('POST /queue/join', maya, body, '{"event_id": "e"}')
    const { seen } = await inside.handled('GET /queue/data?session_hash=x', maya)
    const see = seen?.(() => undefined)
    for (const piece of [
      'data: {"image": {"path": "/app/outputs/a',
      ' b.png", "url": "x"}}, {"path": "C:\\\\out\\\\c.png"}, {"path": "/app/outputs/été.png"}',
    ])
      see?.(Buffer.from(piece))
    await inside.gives('POST /upload', maya, '["/tmp/gradio/1/u.png"]')
    for (const path of [
      '/file=/app/outputs/a%20b.png',
      '/file=C:/out/c.png',
      '/file=/tmp/gradio/1/u.png',
      '/file=/app/outputs/%C3%A9t%C3%A9.png',
    ]) {
      expect(await inside.handled(`GET ${path}`, maya), path).toEqual({})
      expect(await inside.own(`GET ${path}`, noah), path).toMatchObject({ status: 404 })
    }
    for (const path of [
      '/file=javascript/ui.js',
      '/file=html/card-no-preview.png',
      '/file=/data/extensions/x/javascript/a.mjs',
    ])
      expect(await inside.handled(`GET ${path}`, noah), path).toEqual({})
    for (const path of [
      '/file=outputs/x.png',
      '/file=/app/outputs/html/x.png',
      '/file=config.json',
      '/file/app/outputs/x.txt',
    ])
      expect(await inside.own(`GET ${path}`, noah), path).toMatchObject({ status: 404 })
  })

  it('shows no keys of extensions among the settings', async () => {
    const text = '{"civitai_api_key": "abc", "hf_token": "d", "token_merging_ratio": 0.5, "sd_model_checkpoint": "x"}'
    const inside = forge(null)
    expect(await inside.gives('GET /sdapi/v1/options', maya, text)).toBe(
      text.replace('"abc"', '""').replace('"d"', '""'),
    )
    expect(await inside.gives('GET /sdapi/v1/options', chief, text)).toBe(text)
  })
})
