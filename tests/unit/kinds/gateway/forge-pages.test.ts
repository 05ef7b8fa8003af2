import { describe, expect, it } from 'vitest'
import { fn, forgeConfig } from './forge-config'
import { chief, isolated, maya, noah } from './world'

/** A Forge that tells of its page. */
function forge(kind: 'forge' | 'forge-neo' = 'forge') {
  const inside = isolated(kind)
  const state = { appId: 7, running: '' }
  inside.told.answer = ({ target, json }) => {
    switch (target) {
      case '/app_id':
        return { body: JSON.stringify({ app_id: state.appId }) }
      case '/config':
        return { body: JSON.stringify(forgeConfig(state.appId)) }
      case '/internal/progress': {
        const { id_task: id } = json as { id_task: string }
        return { body: JSON.stringify({ active: id === state.running, queued: false, completed: false }) }
      }
      default:
        return null
    }
  }
  const call = async (index: number, data: unknown[] = [], visitor = maya, more: object = {}) => {
    const body = { data, fn_index: index, session_hash: visitor.account, ...more }
    return (await inside.exchanged('POST /queue/join', visitor, body, '{"event_id": "e"}')).sent
  }
  return { ...inside, state, call }
}

const task = 'task(abc)'

describe.each(['forge', 'forge-neo'] as const)('the pages of %s', (kind) => {
  it('call what makes pictures, and what only concerns the page', async () => {
    const { call, told } = forge(kind)
    expect(JSON.parse(await call(fn.txt2img, [task, 'a house.png', 1, 2]))).toEqual({
      data: [task, 'a house.png', 1, 2],
      fn_index: fn.txt2img,
      session_hash: 'maya',
    })
    expect(told.owners.get(`task ${task}`)).toBe('maya')
    for (const index of [fn.swap, fn.count, fn.follow, fn.load])
      expect(await call(index), String(index)).toContain('fn_index')
    expect(told.asked.filter((one) => one === 'GET /config')).toHaveLength(1)
  })

  it('read, enlarge and hand on images, and put units of ControlNet together', async () => {
    const { call, state, exchanged } = forge(kind)
    for (const [name, data] of [
      ['pngInfo', [null]],
      ['sendTo', ['Steps: 4']],
      ['copyTo', ['data:image/png;base64,iVBORw0KGgo=', null, 0]],
      ['extrasTab', []],
      ['swapExtras', [1, 2]],
      ['script', [2]],
      ['unit', ['simple', 'data:image/png;base64,iVBORw0KGgo=', 'canny', '']],
      ['sliders', ['canny', true]],
      ['clearPreview', [true]],
    ] as const)
      expect(await call(fn[name], [...data]), name).toContain('fn_index')
    const extras = { data: ['task(extras)', 0, ''], fn_index: fn.extras, session_hash: 'maya' }
    expect((await exchanged('POST /queue/join', maya, extras, '{"event_id": "e"}')).handling.isJob).toBe(true)
    state.running = 'task(extras)'
    expect(await call(fn.stopExtras)).toContain('fn_index')
    // Nothing of these reads a file, a folder or a prompt that is not the person's.
    const path = '/app/outputs/x.png'
    for (const [name, data] of [
      ['pngInfo', [{ path }]],
      ['copyTo', [{ path }, null, 0]],
      ['extras', ['task(b)', 0, '/app/outputs']],
      ['unit', ['batch', null, 'canny', '/app/outputs']],
      ['unit', ['simple', path, 'canny', '']],
    ] as const)
      await expect(call(fn[name], [...data]), name).rejects.toThrow('not a file of yours')
    await expect(call(fn.sendTo, [''])).rejects.toThrow('made last')
  })

  it('call nothing else for people', async () => {
    const { call, sends } = forge(kind)
    for (const name of [
      'saveStyle',
      'saveFiles',
      'settings',
      'install',
      'merge',
      'restart',
      'preset',
      'strange',
      'afterStrange',
      'disguised',
      'loadSettings',
      'preprocess',
      'canvas',
      'refreshModels',
      'unnamed',
      'pngInfoMore',
      'unitMore',
      'beside',
    ] as const)
      await expect(call(fn[name], [task]), name).rejects.toThrow('for administrators')
    await expect(call(999)).rejects.toThrow('for administrators')
    for (const path of ['run/predict', 'api/predict'])
      await expect(sends(`POST /${path}`, maya, { data: [], fn_index: fn.install }), path).rejects.toThrow(
        'administrators',
      )
    const asItCame = `{"data": [1],  "fn_index": ${fn.install}, "more": {}}`
    expect(await sends('POST /queue/join', chief, asItCame)).toBe(asItCame)
  })

  it('call nothing that is asked for in another way than by its number', async () => {
    const { sends } = forge(kind)
    for (const body of [
      { data: [] },
      { data: [], fn_index: null },
      { data: [], fn_index: '0' },
      { data: {}, fn_index: 0 },
      { data: [], fn_index: 0.5 },
    ])
      await expect(sends('POST /run/txt2img', maya, body), JSON.stringify(body)).rejects.toThrow('as the page makes it')
    expect(await sends('POST /run/predict', maya, { data: [], fn_index: fn.load, event_id: 'x', batched: true })).toBe(
      `{"data":[],"fn_index":${fn.load}}`,
    )
    expect(
      await sends('POST /run/predict', maya, `{"data": [], "fn_index": ${fn.install}, "fn_index": ${fn.load}}`),
    ).toBe(`{"data":[],"fn_index":${fn.load}}`)
  })

  it('call nothing where the service does not say what that would be', async () => {
    const { call, told, state } = forge(kind)
    await call(fn.count, ['a'])
    state.appId = 8
    const { answer } = told
    for (const config of [
      '',
      '{}',
      '{"app_id": 8, "components": [], "dependencies": [{}]}',
      JSON.stringify(forgeConfig(7)),
    ]) {
      told.answer = (question) => (question.target === '/config' ? { body: config } : answer(question))
      await expect(call(fn.count, ['a']), config.slice(0, 40)).rejects.toThrow('does not say')
    }
    told.answer = () => ({ status: 404 })
    await expect(call(fn.count, ['a'])).rejects.toThrow('does not say')
    told.answer = answer
    expect(await call(fn.count, ['a'])).toContain('"a"')
    // After a restart the numbers mean something else.
    told.answer = (question) =>
      question.target === '/config'
        ? { body: JSON.stringify({ ...forgeConfig(9), dependencies: [] }) }
        : answer(question)
    state.appId = 9
    await expect(call(fn.count, ['a'])).rejects.toThrow('for administrators')
  })
})

describe('what people send from the pages of Forge', () => {
  it('takes no task of somebody else’s, restores none and stops none', async () => {
    const { call, state } = forge()
    await call(fn.txt2img, [task])
    await expect(call(fn.txt2img, [task], noah)).rejects.toThrow('not yours')
    await expect(call(fn.txt2img, ['no task'])).rejects.toThrow('no name')
    expect(await call(fn.restore, [task])).toContain(task)
    await expect(call(fn.restore, [task], noah)).rejects.toThrow('administrators')
    state.running = task
    expect(await call(fn.interrupt)).toContain('fn_index')
    await expect(call(fn.interrupt, [], noah)).rejects.toThrow('None of your jobs')
    state.running = ''
    await expect(call(fn.interrupt)).rejects.toThrow('None of your jobs')
  })

  it('reads no file and no folder that is not theirs', async () => {
    const { call, gives } = forge()
    await gives('POST /upload', maya, '["/tmp/gradio/1/u.png"]')
    const own = { path: '/tmp/gradio/1/u.png', url: 'http://elsewhere/x.png', is_stream: true, orig_name: 'u.png' }
    const sent = await call(fn.img2img, [task, '', own])
    expect(sent).toContain('/tmp/gradio/1/u.png')
    expect(sent).not.toMatch(/elsewhere|is_stream/)
    for (const [at, value] of [
      [1, 'outputs/img2img-images'],
      [1, '/etc'],
      [2, own],
      [2, { path: '/app/outputs/x.png' }],
      [2, { path: 'http://127.0.0.1:9000/x.png' }],
      [2, { url: 'http://127.0.0.1:9000/x.png' }],
      [2, { is_file: true, name: '/app/outputs/x.png' }],
      [2, [[{ image: { path: '/app/outputs/x.png' } }]]],
      [2, '/app/outputs/x.png'],
    ] as const) {
      const data: unknown[] = ['task(his)', '', null]
      data[at] = value
      await expect(call(fn.img2img, data, noah), JSON.stringify(value)).rejects.toThrow('not a file of yours')
    }
    // What a function only gives back would make them its owner.
    await expect(call(fn.swap, [{ path: '/app/outputs/x.png' }, 5])).rejects.toThrow('not a file of yours')
    await expect(call(fn.swap, [1, 2], maya, { event_data: { path: '/x.png' } })).rejects.toThrow('not a file of yours')
  })

  it('reads no prompt that somebody else made last', async () => {
    const { call } = forge()
    for (const nothing of ['', null, [], 0]) await expect(call(fn.paste, [nothing])).rejects.toThrow('made last')
    expect(await call(fn.paste, ['Steps: 4'])).toContain('Steps: 4')
  })

  it('shows no settings, which the page loads without', async () => {
    const { sends } = forge()
    expect(await sends('POST /run/predict', maya, { data: [], fn_index: fn.loadSettings })).toMatch(
      /^own 200 \{"data":\[\]/,
    )
  })

  it('follows the session of one’s own page alone', async () => {
    const { call, handled, own, sends } = forge()
    expect(await own('GET /queue/data?session_hash=maya', maya)).toMatchObject({ status: 404 })
    await call(fn.count, ['a'])
    expect((await handled('GET /queue/data?session_hash=maya', maya)).seen).toBeDefined()
    for (const query of ['session_hash=maya', 'session_hash=noah&session_hash=maya', ''])
      expect(await own(`GET /queue/data?${query}`, noah), query).toMatchObject({ status: 404 })
    await expect(call(fn.count, ['a'], noah, { session_hash: 'maya' })).rejects.toThrow('administrators')
    const cancel = { session_hash: 'maya', fn_index: 0, event_id: 'e' }
    expect(await sends('POST /cancel', maya, cancel)).toContain('maya')
    await expect(sends('POST /cancel', noah, cancel)).rejects.toThrow('administrators')
  })
})
