import { describe, expect, it } from 'vitest'
import { until } from '../../support/until'
import { account, comfyui, connect, forge, sdxl, smoke } from '../simulator/support'
import { twoPeopleAt } from './two-people'

interface Queue {
  queue_running: [number, string][]
  queue_pending: [number, string][]
}

/** A ComfyUI on which Maya has a job at work and one in line. */
async function busyComfyui() {
  const simulator = await comfyui({ behaviour: { stepMs: 250 } })
  const people = await twoPeopleAt('comfyui', simulator.url)
  const { as, clientOf, door } = people
  const maya = await connect(door.url, clientOf('maya', 'same'))
  const noah = await connect(door.url, clientOf('noah', 'same'))
  const post = async (who: 'maya' | 'noah' | 'chief', body: object) =>
    (await as(who, '/prompt', { body: { client_id: 'same', ...body } })).json as { prompt_id: string }
  const { prompt_id: running } = await post('maya', { prompt: sdxl(1, 2_000) })
  const { prompt_id: waiting } = await post('maya', { prompt: sdxl(2, 4) })
  await maya.receive((message) => message.type === 'progress')
  const line = async () => {
    const { json } = await as('chief', '/queue')
    const { queue_running: now, queue_pending: later } = json as Queue
    return { running: now.map(([, id]) => id), waiting: later.map(([, id]) => id) }
  }
  return { ...people, simulator, maya, noah, post, running, waiting, line }
}

describe('two people on one ComfyUI', () => {
  it('see and touch nothing of each other, and an administrator sees all', async () => {
    const { as, maya, noah, running, waiting, line, door } = await busyComfyui()
    const theirs = [running, waiting]
    const untouched = { running: [running], waiting: [waiting] }
    expect(await line()).toEqual(untouched)

    // Looking.
    for (const path of ['/queue', '/api/queue', '/history', '/api/history', '/history/' + running, '/api/%71ueue']) {
      const seen = await as('noah', path)
      expect(
        theirs.filter((id) => seen.text.includes(id)),
        path,
      ).toEqual([])
      expect(seen.status, path).toBe(200)
    }
    expect((await as('noah', '/prompt')).json).toEqual({ exec_info: { queue_remaining: 2 } })
    expect(((await as('maya', '/queue')).json as Queue).queue_pending.map(([, id]) => id)).toEqual([waiting])

    // Stopping.
    const orders: [string, object | string | undefined][] = [
      ['/interrupt', undefined],
      ['/interrupt', {}],
      ['/interrupt', 'not json'],
      ['/interrupt', { prompt_id: running }],
      ['/interrupt', { prompt_id: '' }],
      ['/api/interrupt', { prompt_id: running }],
      ['/queue', { delete: [waiting] }],
      ['/api/queue', { delete: [running, waiting] }],
      ['/queue', { clear: true }],
      ['/queue', { clear: 1, delete: [waiting] }],
      ['/history', { clear: true }],
      ['/free', { unload_models: true, free_memory: true }],
      ['/api/free', { unload_models: true }],
      ['//free', { unload_models: true }],
      ['/api/%66ree', { unload_models: true }],
      ['/prompt', { prompt: smoke(), prompt_id: waiting }],
      ['/prompt', { prompt: smoke(), prompt_id: running }],
    ]
    for (const [path, body] of orders) {
      const { status, text } = await as('noah', path, { method: 'POST', ...(body === undefined ? {} : { body }) })
      expect([200, 400, 403], `${path} ${JSON.stringify(body)} ${text}`).toContain(status)
      expect(await line(), `${path} ${JSON.stringify(body)}`).toEqual(untouched)
    }

    // Jumping the line does not help.
    const his = (await as('noah', '/prompt', { body: { prompt: smoke(7), number: -1_000, front: true } })).json
    const { prompt_id: late } = his as { prompt_id: string }
    expect(await line()).toEqual({ running: [running], waiting: [waiting, late] })

    // One's own can be stopped, and an administrator stops anything.
    expect((await as('maya', '/interrupt', { body: {} })).status).toBe(200)
    await maya.settled(running)
    await maya.settled(waiting)
    await until('the line is empty', async () => Object.values(await line()).flat().length === 0)
    expect(((await as('maya', `/history/${running}`)).json as Record<string, unknown>)[running]).toBeDefined()
    expect((await as('noah', `/history/${running}`)).json).toEqual({})
    const own = Object.keys((await as('noah', '/history')).json as object)
    expect(own).toEqual([late])
    expect(Object.keys((await as('chief', '/history')).json as object).toSorted()).toEqual(
      [running, waiting, late].toSorted(),
    )

    // Messages: of foreign prompts only how many there are. His own job had no client id, so that it tells of its progress.
    const heard = noah.messages.filter((message) => message.type !== 'status')
    expect(heard.filter((message) => message.type === 'binary' || JSON.stringify(message).includes(running))).toEqual(
      [],
    )
    expect(new Set(heard.map(({ type }) => type))).toEqual(new Set(['progress_state']))
    expect(maya.messages.some(({ type }) => type === 'progress')).toBe(true)
    expect(JSON.stringify(maya.messages[0])).toContain('"sid":"same"')
    expect(door.bugs).toEqual([])
  })

  it('have the same client’s name and hear their own jobs, whole', async () => {
    const simulator = await comfyui({ behaviour: { preview: 'jpeg' } })
    const { as, clientOf, door } = await twoPeopleAt('comfyui', simulator.url)
    const noah = await connect(door.url, clientOf('noah', 'same'))
    const maya = await connect(door.url, clientOf('maya', 'same'))
    const { json } = await as('noah', '/prompt', { body: { client_id: 'same', prompt: sdxl(5, 3) } })
    const { prompt_id: id } = json as { prompt_id: string }
    await noah.settled(id)
    const told = noah.messages.map(({ type }) => type)
    expect(told.filter((type) => type === 'binary')).toHaveLength(3)
    for (const type of [
      'execution_start',
      'execution_cached',
      'executing',
      'progress',
      'executed',
      'execution_success',
    ])
      expect(told, type).toContain(type)
    expect(JSON.stringify(maya.messages)).not.toContain(id)
  })

  it('are shown no log, and an administrator one without secrets', async () => {
    const simulator = await comfyui()
    const { as, clientOf, door } = await twoPeopleAt('comfyui', simulator.url)
    const clientId = '0f0e0d0c-0b0a-4908-8706-050403020100'
    const chief = await connect(door.url, clientOf('chief', clientId))
    const maya = await connect(door.url, clientOf('maya', clientId))
    const following = { method: 'PATCH', body: { clientId, enabled: true } }
    expect((await as('maya', '/internal/logs/subscribe', following)).status).toBe(403)
    expect((await as('chief', '/internal/logs/subscribe', following)).status).toBe(200)
    simulator.log.info('For direct API calls, use token=geheim\n')
    const told = await chief.receive((message) => message.type === 'logs')
    expect(JSON.stringify(told)).toContain('use token=[secret]')
    expect(JSON.stringify(chief.messages)).not.toContain('geheim')
    expect(maya.messages.filter(({ type }) => type === 'logs')).toEqual([])
  })

  it('have files of their own', async () => {
    const { as, maya, post, running, waiting } = await busyComfyui()
    await as('maya', '/interrupt', { method: 'POST' })
    await maya.settled(running)
    await maya.settled(waiting)
    const entry = (await as('maya', `/history/${waiting}`)).json as Record<
      string,
      { outputs: Record<string, { images: { filename: string; subfolder: string }[] }> }
    >
    const [image] = Object.values(entry[waiting]?.outputs ?? {}).flatMap(({ images }) => images)
    const view = `/view?filename=${image?.filename ?? ''}&subfolder=${image?.subfolder ?? ''}&type=output`
    expect((await as('maya', view)).status).toBe(200)
    expect((await as('maya', `/api${view}`, { method: 'HEAD' })).status).toBe(200)
    for (const path of [view, `/api${view}`, view.replace('view', '%76iew'), `${view}&subfolder=x`])
      expect((await as('noah', path)).status, path).toBe(404)
    expect((await as('chief', view)).status).toBe(200)
    expect((await as('noah', '/internal/files/output')).json).toEqual([])

    const uploaded = async (who: 'maya' | 'noah', name: string, more: Record<string, string> = {}) => {
      const form = new FormData()
      form.set('image', new Blob([who, name]), name)
      for (const [key, value] of Object.entries(more)) form.set(key, value)
      return as(who, '/upload/image', { body: form })
    }
    expect((await uploaded('maya', 'cat.png')).json).toEqual({ name: 'cat.png', subfolder: '', type: 'input' })
    expect((await uploaded('noah', 'cat.png', { overwrite: 'true' })).status).toBe(403)
    expect((await uploaded('noah', 'cat.png')).json).toMatchObject({ name: 'cat (1).png' })
    expect((await uploaded('maya', 'cat.png', { overwrite: 'true' })).status).toBe(200)
    expect((await as('maya', '/view?filename=cat.png&type=input')).text).toBe('mayacat.png')
    expect((await as('noah', '/view?filename=cat.png&type=input')).status).toBe(404)
    const reading = (name: string) => ({
      prompt: {
        1: { class_type: 'LoadImage', inputs: { image: name } },
        2: { class_type: 'PreviewImage', inputs: { images: ['1', 0] } },
      },
    })
    for (const name of ['cat.png', `${image?.subfolder ?? ''}/${image?.filename ?? ''} [output]`])
      expect((await as('noah', '/prompt', { body: reading(name) })).status, name).toBe(403)
    await post('noah', reading('cat (1).png'))
  })
})

describe('two people on one Forge', () => {
  it('see and stop their own tasks alone', async () => {
    const simulator = await forge({ behaviour: { stepMs: 250 } })
    const { as, door } = await twoPeopleAt('forge', simulator.url)
    const job = (who: 'maya' | 'noah', steps: number, id: string) =>
      as(who, '/sdapi/v1/txt2img', { body: { prompt: who, steps, width: 64, height: 64, force_task_id: id } })
    const first = job('maya', 5_000, 'hers')
    const state = async (who: 'maya' | 'noah' | 'chief') =>
      ((await as(who, '/sdapi/v1/progress')).json as { state: { job_count: number; interrupted: boolean } }).state
    await until('her job runs', async () => (await state('maya')).job_count > 0)
    const second = job('noah', 2, 'his')
    const pending = async (who: 'maya' | 'noah') => (await as(who, '/internal/pending-tasks')).json
    await until('his job waits', async () => JSON.stringify(await pending('noah')) === '{"size":1,"tasks":["his"]}')
    expect(await pending('maya')).toEqual({ size: 1, tasks: [] })
    expect((await state('noah')).job_count).toBe(0)
    expect((await state('chief')).job_count).toBeGreaterThan(0)
    const task = (who: 'maya' | 'noah', id: string) => as(who, '/internal/progress', { body: { id_task: id } })
    expect((await task('noah', 'hers')).json).toMatchObject({ active: false, queued: false })
    expect((await task('noah', 'his')).json).toMatchObject({ active: false, queued: true })
    expect((await task('maya', 'hers')).json).toMatchObject({ active: true })

    for (const path of ['interrupt', 'skip', 'Interrupt', '%69nterrupt', 'interrupt/'])
      expect([200, 403, 404], path).toContain((await as('noah', `/sdapi/v1/${path}`, { method: 'POST' })).status)
    for (const [path, body] of [
      ['options', { sd_model_checkpoint: 'other' }],
      ['unload-checkpoint', {}],
      ['reload-checkpoint', {}],
      ['server-kill', {}],
      ['txt2img', { prompt: 'x', force_task_id: 'hers' }],
    ] as const)
      expect([400, 403], path).toContain((await as('noah', `/sdapi/v1/${path}`, { body })).status)
    for (const path of ['/sdapi/v1/cmd-flags', '/internal/sysinfo', '/sdapi/v1/%63md-flags', '/mine'])
      expect((await as('noah', path)).status, path).toBe(403)
    expect(await state('maya')).toMatchObject({ interrupted: false })

    expect((await as('maya', '/sdapi/v1/interrupt', { method: 'POST' })).status).toBe(200)
    expect((await first).status).toBe(200)
    expect((await second).json).toMatchObject({ images: [expect.any(String)] })
    expect(door.bugs).toEqual([])
  })

  it('call on its pages, behind their own sign-in, what makes pictures and nothing else', async () => {
    const simulator = await forge({ protect: 'gradio' })
    const { as, door } = await twoPeopleAt('forge', simulator.url, { ...account, token: null })
    const join = (who: 'maya' | 'noah' | 'chief', index: number, data: unknown[], session: string = who) =>
      as(who, '/queue/join', {
        body: { data, fn_index: index, session_hash: session, event_data: null, trigger_id: 1 },
      })
    const made = await join('maya', 0, ['task(hers)', 'a house'])
    const { event_id: event } = made.json as { event_id: string }
    expect((await as('noah', '/queue/data?session_hash=maya')).status).toBe(404)
    const { text } = await as('maya', '/queue/data?session_hash=maya')
    expect(text).toContain(`"msg":"process_completed","event_id":"${event}"`)
    expect(text).toContain('"success":true')
    expect((await join('noah', 1, ['a house'])).status).toBe(200)
    for (const [index, data, session] of [
      [2, [], 'noah'],
      [99, [], 'noah'],
      [0, ['task(hers)', 'x'], 'noah'],
      [1, ['x'], 'maya'],
    ] as const)
      expect([400, 403], `${index} ${session}`).toContain((await join('noah', index, [...data], session)).status)
    expect((await as('noah', '/component_server', { body: {} })).status).toBe(403)
    // The simulator has it, and plays nothing there.
    expect((await join('chief', 2, [])).json).toEqual({ detail: 'Not simulated' })
    expect(door.bugs).toEqual([])
  })
})
