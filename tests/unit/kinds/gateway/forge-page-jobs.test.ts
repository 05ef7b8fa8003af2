import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { kindOf } from '../../../../electron/kinds'
import { isOwnAnswer, type Handling } from '../../../../electron/kinds/gateway'
import { fn, forgeConfig } from './forge-config'
import { chief, isolated, maya, noah, questionOf } from './world'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

type Standing = 'active' | 'queued' | 'completed' | 'none' | 'silent'

/** A Forge whose page is known, and that says of tasks what a test says. */
function forge() {
  const inside = isolated('forge')
  const state = { standing: 'none' as Standing, isThere: true, appId: 7 }
  inside.told.answer = ({ target }) => {
    if (!state.isThere) return { status: 502 }
    if (target === '/app_id') return { body: JSON.stringify({ app_id: state.appId }) }
    if (target === '/config') return { body: JSON.stringify(forgeConfig(state.appId)) }
    if (target !== '/internal/progress') return null
    const { standing: is } = state
    if (is === 'silent') return { status: 500 }
    return { body: JSON.stringify({ active: is === 'active', queued: is === 'queued', completed: is === 'completed' }) }
  }
  let count = 0
  const call = (index: number, data: unknown[], visitor = maya, path = '/queue/join') =>
    inside.exchanged(
      `POST ${path}`,
      visitor,
      { data, fn_index: index, session_hash: visitor.account },
      `{"event_id": "e${(count += 1)}"}`,
    )
  /** The stream of somebody's page: what is put into it, and what passes. */
  const listen = async (visitor = maya) => {
    const handling = await inside.ask(`GET /queue/data?session_hash=${visitor.account}`, visitor)
    if (isOwnAnswer(handling)) return { own: handling, added: [] as string[], pass: () => {}, leave: () => {} }
    const added: string[] = []
    const see = handling.seen?.((text) => void added.push(text))
    return {
      ...{ own: null, added },
      pass: (...messages: (object | string)[]) => {
        for (const one of messages)
          see?.(Buffer.from(typeof one === 'string' ? one : `data: ${JSON.stringify(one)}\n\n`))
      },
      leave: () => handling.ended?.(),
    }
  }
  return { ...inside, state, call, listen }
}

/** Says when work has ended, and how. */
function watched({ outlives }: Handling) {
  const told: { end: unknown } = { end: undefined }
  void outlives?.()?.then((end) => (told.end = end))
  return told
}

const generated = (images: number) => ({
  data: [
    Array.from({ length: images + 1 }, (_, at) => ({ image: { path: `/out/${at}.png` } })),
    JSON.stringify({ all_seeds: Array.from({ length: images }), index_of_first_image: 1 }),
    '<p>x</p>',
    '',
  ],
})

describe('a job of Forge’s page', () => {
  it('is one for the limits, the lines and the counting, and nothing else there is', async () => {
    const { call, sends, told } = forge()
    const { handling } = await call(fn.txt2img, ['task(a)', 'x', 1, 1])
    expect(handling.isJob).toBe(true)
    for (const [index, data] of [
      [fn.count, ['task(b)']],
      [fn.restore, ['task(a)']],
      [fn.swap, [1, 2]],
    ] as const)
      expect((await call(index, [...data])).handling.isJob, String(index)).toBeUndefined()
    // Whoever calls it, and by whatever way: gradio answers these two when the work is done.
    expect((await call(fn.img2img, ['task(c)', '', null], maya, '/run/predict')).handling.isJob).toBe(true)
    expect((await call(fn.txt2img, ['task(d)'], chief, '/api/predict')).handling.isJob).toBe(true)
    expect((await call(fn.merge, ['task(e)'], chief)).handling.isJob).toBe(true)
    expect(told.owners.get('task task(a)')).toBe('maya')
    expect(await sends('POST /queue/join', chief, 'no json')).toBe('no json')
  })

  it('is known by its task while the service sleeps, and judged when it is there', async () => {
    const { ask, state, told } = forge()
    state.isThere = false
    const body = (index: number, task: string) =>
      JSON.stringify({ data: [task, 'x', 1, 1], fn_index: index, session_hash: 'maya' })
    const job = await ask('POST /queue/join', maya, {}, body(fn.txt2img, 'task(a)'))
    expect(job).toMatchObject({ isJob: true })
    told.hasEnded = true
    told.asked.length = 0
    const strange = await ask('POST /queue/join', maya, {}, body(fn.merge, 'task(b)'))
    expect(told.asked).toEqual([])
    state.isThere = true
    const read = async (handling: typeof job) => (isOwnAnswer(handling) ? null : handling.body?.read(Buffer.alloc(0)))
    const sent = await read(job)
    expect(Buffer.isBuffer(sent) && sent.toString()).toContain('task(a)')
    await expect(read(strange)).rejects.toThrow('for administrators')
  })

  it('is not begun by what was none before the service started anew', async () => {
    const { ask, state, told } = forge()
    const count = JSON.stringify({ data: ['task(a)'], fn_index: fn.count, session_hash: 'maya' })
    const handling = await ask('POST /queue/join', maya, {}, count)
    const { answer } = told
    const other = forgeConfig(8)
    const swapped = other.dependencies.map((one) => ({
      ...one,
      id: one.id === fn.count ? fn.txt2img : one.id === fn.txt2img ? fn.count : one.id,
    }))
    told.answer = (question) =>
      question.target === '/config' ? { body: JSON.stringify({ ...other, dependencies: swapped }) } : answer(question)
    state.appId = 8
    await vi.advanceTimersByTimeAsync(1_000)
    if (isOwnAnswer(handling)) throw new Error('answered')
    expect(handling.isJob).toBeUndefined()
    await expect(Promise.resolve(handling.body?.read(Buffer.alloc(0)))).rejects.toThrow('does not say')
  })

  it('names a task of its own each time', async () => {
    const { call } = forge()
    await call(fn.txt2img, ['task(a)', 'x', 1, 1])
    await expect(call(fn.txt2img, ['task(a)', 'x', 1, 1])).rejects.toThrow('not yours')
  })

  it('lasts until its page has heard of its end, with its pictures and its time', async () => {
    const { call, listen, state } = forge()
    const { handling } = await call(fn.txt2img, ['task(a)', 'x', 1, 1])
    const stream = await listen()
    const work = watched(handling)
    const begun = Date.now()
    stream.pass({ msg: 'process_starts', event_id: 'e1', eta: null })
    state.standing = 'active'
    await vi.advanceTimersByTimeAsync(30_000)
    expect(work.end).toBeUndefined()
    state.standing = 'completed'
    const text = `data: ${JSON.stringify({ msg: 'process_completed', event_id: 'e1', output: generated(3), success: true })}\n\n`
    stream.pass(text.slice(0, 50), text.slice(50))
    await vi.advanceTimersByTimeAsync(10)
    const to = begun + 30_000
    expect(work.end).toEqual({ outcome: 'succeeded', images: 3, ran: { from: begun, to } })
  })

  it.each([
    ['gradio', { msg: 'process_completed', event_id: 'e1', output: { error: null }, success: false }],
    [
      'Forge',
      {
        msg: 'process_completed',
        event_id: 'e1',
        output: { data: [null, '', "<div class='error'>x</div>"] },
        success: true,
      },
    ],
  ])('has failed where %s says so', async (_, message) => {
    const { call, listen, state } = forge()
    const { handling } = await call(fn.txt2img, ['task(a)', 'x', 1, 1])
    const stream = await listen()
    const work = watched(handling)
    state.standing = 'completed'
    stream.pass({ msg: 'process_starts', event_id: 'e1' }, message)
    await vi.advanceTimersByTimeAsync(10)
    expect(work.end).toMatchObject({ outcome: 'failed' })
  })

  it('goes on when its page goes away, until Forge has ended it', async () => {
    const { call, listen, state } = forge()
    const { handling } = await call(fn.txt2img, ['task(a)', 'x', 1, 1])
    const stream = await listen()
    const work = watched(handling)
    stream.leave()
    for (const standing of ['queued', 'active'] as const) {
      state.standing = standing
      await vi.advanceTimersByTimeAsync(20_000)
      expect(work.end, standing).toBeUndefined()
    }
    state.standing = 'completed'
    await vi.advanceTimersByTimeAsync(1_000)
    expect(work.end).toMatchObject({ outcome: 'succeeded', ran: { to: Date.now() } })
  })

  it('is at work after its page has cancelled the call, of which gradio says that it has ended', async () => {
    const { call, listen, state } = forge()
    const { handling } = await call(fn.txt2img, ['task(a)', 'x', 1, 1])
    const stream = await listen()
    const work = watched(handling)
    state.standing = 'active'
    stream.pass({ msg: 'process_completed', event_id: 'e1', output: {}, success: true })
    await vi.advanceTimersByTimeAsync(5_000)
    expect(work.end).toBeUndefined()
    state.standing = 'completed'
    await vi.advanceTimersByTimeAsync(1_000)
    expect(work.end).toMatchObject({ outcome: 'succeeded' })
  })

  it('has never been where gradio took it out of its line, waits there while its page listens', async () => {
    const { call, listen } = forge()
    const { handling } = await call(fn.txt2img, ['task(a)', 'x', 1, 1])
    const stream = await listen()
    const work = watched(handling)
    await vi.advanceTimersByTimeAsync(60_000)
    expect(work.end).toBeUndefined()
    stream.leave()
    await vi.advanceTimersByTimeAsync(6_000)
    expect(work.end).toEqual({ outcome: 'withdrawn', images: null, ran: null })
  })

  it('does not keep its place for as long as a page stays open of which the service tells nothing', async () => {
    const { call, listen } = forge()
    const { handling } = await call(fn.txt2img, ['task(a)', 'x', 1, 1])
    const stream = await listen()
    const work = watched(handling)
    for (let minutes = 0; minutes < 40; minutes += 10) {
      stream.pass({ msg: 'estimation', event_id: 'e1', rank: 3 })
      await vi.advanceTimersByTimeAsync(10 * 60_000)
      expect(work.end, String(minutes)).toBeUndefined()
    }
    await vi.advanceTimersByTimeAsync(6 * 60_000)
    expect(work.end).toEqual({ outcome: 'withdrawn', images: null, ran: null })
  })

  it('leaves nothing behind where it was refused, and has its name alone while it waits', async () => {
    const { ask, call, told } = forge()
    const body = JSON.stringify({ data: ['task(a)', 'x', 1, 1], fn_index: fn.txt2img, session_hash: 'maya' })
    const handling = await ask('POST /queue/join', maya, {}, body)
    await expect(call(fn.txt2img, ['task(a)', 'x', 1, 1])).rejects.toThrow('not yours')
    await expect(call(fn.txt2img, ['task(a)', 'x', 1, 1], noah)).rejects.toThrow('not yours')
    expect([...told.owners.keys()]).toEqual([])
    if (isOwnAnswer(handling)) throw new Error('answered')
    handling.ended?.()
    await call(fn.txt2img, ['task(a)', 'x', 1, 1])
    expect(told.owners.get('task task(a)')).toBe('maya')
  })

  it('ends with its service, and with one that answers no more', async () => {
    const { call, state, told } = forge()
    const first = watched((await call(fn.txt2img, ['task(a)', 'x', 1, 1])).handling)
    state.standing = 'active'
    await vi.advanceTimersByTimeAsync(2_000)
    told.hasEnded = true
    await vi.advanceTimersByTimeAsync(1_000)
    expect(first.end).toEqual({ outcome: 'unknown', images: null, ran: null })
    told.hasEnded = false
    const second = watched((await call(fn.txt2img, ['task(b)', 'x', 1, 1])).handling)
    state.standing = 'silent'
    await vi.advanceTimersByTimeAsync(60_000)
    expect(second.end).toBeUndefined()
    await vi.advanceTimersByTimeAsync(70_000)
    expect(second.end).toMatchObject({ outcome: 'unknown' })
  })

  it('is none where it was never sent', async () => {
    const { ask, state } = forge()
    const body = JSON.stringify({ data: ['task(a)', 'x', 1, 1], fn_index: fn.txt2img, session_hash: 'maya' })
    const handling = await ask('POST /queue/join', maya, {}, body)
    state.isThere = false
    await vi.advanceTimersByTimeAsync(1_000)
    if (isOwnAnswer(handling)) throw new Error('answered')
    await expect(Promise.resolve(handling.body?.read(Buffer.alloc(0)))).rejects.toThrow('does not say')
    handling.ended?.()
    expect(handling.outlives?.()).toBeNull()
  })

  it('tells its page that it waits, before Forge knows of it', async () => {
    const { ask, sends } = forge()
    const body = JSON.stringify({ data: ['task(a)', 'x', 1, 1], fn_index: fn.txt2img, session_hash: 'maya' })
    const handling = await ask('POST /queue/join', maya, {}, body)
    const progress = (visitor = maya, language = 'en') =>
      sends('POST /internal/progress', visitor, { id_task: 'task(a)' }, { 'accept-language': language })
    expect(await progress()).toContain('"queued":true')
    expect(await progress()).toContain('Waiting for its turn')
    expect(await progress(maya, 'fr')).toContain('En attente de son tour')
    expect(await progress(noah)).toContain('"queued":false')
    if (isOwnAnswer(handling)) throw new Error('answered')
    await handling.body?.read(Buffer.alloc(0))
    expect(await progress()).toBe('{"id_task": "task(a)"}')
  })
})

describe('a call of Forge’s page that is refused', () => {
  const words = { status: 429, message: 'You have <2> jobs & no more.', hint: 'Wait.' }
  const refuse = async (inside: ReturnType<typeof forge>, path = '/queue/join', session = 'maya') => {
    const body = JSON.stringify({ data: ['x'], fn_index: fn.count, session_hash: session })
    const question = questionOf(`POST ${path}`, {}, body)
    await inside.isolation.handle(question, maya)
    return kindOf('forge').gateway.refusal(question, words)
  }
  const told = (id: string) =>
    `data: {"msg":"process_completed","event_id":"${id}","output":{"error":"You have &lt;2&gt; jobs &amp; no more. Wait.","duration":20,"visible":true},"success":false}\n\n`

  it('is told with our words in the stream that its page opens for it', async () => {
    const inside = forge()
    const answer = await refuse(inside)
    expect(answer.status).toBe(200)
    const { event_id: id } = JSON.parse(answer.body) as { event_id: string }
    const { own } = await inside.listen()
    expect(own).toMatchObject({ status: 200, headers: { 'content-type': 'text/event-stream; charset=utf-8' } })
    expect(own?.body).toBe(`${told(id)}data: {"msg":"close_stream","event_id":null}\n\n`)
    // Once: the next stream is the service's.
    expect((await inside.listen()).own).toBeNull()
  })

  it('is told in the stream that is open, between two events of the service', async () => {
    const inside = forge()
    await inside.call(fn.count, ['a'])
    const stream = await inside.listen()
    stream.pass('data: {"msg":"heartbeat","event')
    const { event_id: id } = JSON.parse((await refuse(inside)).body) as { event_id: string }
    await vi.advanceTimersByTimeAsync(1)
    expect(stream.added).toEqual([])
    stream.pass('_id":null}\n\n')
    await vi.advanceTimersByTimeAsync(1)
    expect(stream.added).toEqual([told(id)])
    const second = JSON.parse((await refuse(inside)).body) as { event_id: string }
    expect(stream.added[1]).toBe(told(second.event_id))
  })

  it('is told in the service’s stream where another call has opened that', async () => {
    const inside = forge()
    const { event_id: id } = JSON.parse((await refuse(inside)).body) as { event_id: string }
    await inside.call(fn.count, ['a'])
    const stream = await inside.listen()
    await vi.advanceTimersByTimeAsync(1)
    expect(stream.added).toEqual([told(id)])
    stream.pass(
      { msg: 'process_completed', event_id: 'e1', output: {}, success: true },
      { msg: 'close_stream', event_id: null },
    )
    const { event_id: later } = JSON.parse((await refuse(inside)).body) as { event_id: string }
    expect(stream.added).toHaveLength(1)
    expect((await inside.listen()).own?.body).toContain(later)
  })

  it('is told as ever where nobody has a stream: outside the line, and in a session that is not one’s own', async () => {
    const inside = forge()
    const outside = await refuse(inside, '/run/predict')
    expect(outside).toMatchObject({ status: 429 })
    expect(outside.body).toContain('"error":"You have <2> jobs')
    await inside.call(fn.count, ['a'], noah)
    const body = JSON.stringify({ data: ['x'], fn_index: fn.count, session_hash: 'noah' })
    const question = questionOf('POST /queue/join', {}, body)
    await expect(Promise.resolve(inside.isolation.handle(question, maya))).rejects.toThrow('administrators')
    expect(kindOf('forge').gateway.refusal(question, words)).toMatchObject({ status: 429 })
    expect((await inside.listen(noah)).own).toBeNull()
  })
})
