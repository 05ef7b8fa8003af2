import { describe, expect, it } from 'vitest'
import { isolated, chief, maya, noah } from './world'

const [hers, his, nobodys] = ['aaaaaaaa-0000-4000-8000-000000000001', 'bbbbbbbb-0000-4000-8000-000000000002', 'old']

/** A ComfyUI on which Maya and Noah have a job each, and one is nobody's. */
function comfyui() {
  const inside = isolated('comfyui')
  inside.told.owners.set(`prompt ${hers}`, 'maya').set(`prompt ${his}`, 'noah')
  return inside
}

const nothing = 'own 200 '

describe('jobs of ComfyUI', () => {
  it('notes whose a job is before it is sent, and changes no number in it', async () => {
    const { told, handled } = comfyui()
    const handling = await handled('POST /prompt', maya)
    const seed = '18446744073709551615'
    const sent = await handling.body?.read(
      Buffer.from(
        `{"client_id": "mine", "front": true, "number": -99, "prompt": {"1": {"inputs": {"seed": ${seed}}}}}`,
      ),
    )
    const text = Buffer.isBuffer(sent) ? sent.toString() : ''
    expect(text).toContain(`"seed": ${seed}`)
    const job = JSON.parse(text) as Record<string, unknown>
    expect(Object.keys(job).toSorted()).toEqual(['client_id', 'prompt', 'prompt_id'])
    expect(job['client_id']).toMatch(/^mine~[0-9a-f]{10}$/)
    expect(job['prompt_id']).toMatch(/^[0-9a-f-]{36}$/)
    expect(handling.jobId?.()).toBe(job['prompt_id'])
    expect(told.owners.get(`prompt ${String(job['prompt_id'])}`)).toBe('maya')
  })

  it('puts the gateway’s number in place of the client’s, however that is written', async () => {
    const { told, sends } = comfyui()
    told.number = 12.5
    const sent = await sends(
      'POST /api/prompt',
      maya,
      '{"\\u006eumber": 0, "number": -1, "fr\\u006fnt": true, "prompt": {}}',
    )
    expect(sent.match(/number|u006e|fr/g)).toEqual(['number'])
    expect(JSON.parse(sent)).toMatchObject({ number: 12.5 })
  })

  it('knows the client id wherever it stands, and keeps the ids of two people apart', async () => {
    const { sends } = comfyui()
    const read = async (visitor: typeof maya, body: object) =>
      (JSON.parse(await sends('POST /prompt', visitor, body)) as Record<string, unknown>)['client_id']
    const mine = await read(maya, { prompt: {}, client_id: 'x' })
    expect(await read(maya, { prompt: {}, extra_data: { client_id: 'x' } })).toBe(mine)
    expect(await read(maya, { prompt: {}, client_id: mine })).toBe(mine)
    // What is no text names no client, and lets nobody's mark through the other place.
    expect(await read(noah, { prompt: {}, client_id: 5, extra_data: { client_id: mine } })).toMatch(/~.*~/)
    expect(await read(noah, { prompt: {}, client_id: 'x' })).not.toBe(mine)
    expect(await read(noah, { prompt: {}, client_id: mine })).not.toBe(mine)
    expect(await read(noah, { prompt: {} })).toBeUndefined()
  })

  it('takes no id that is somebody else’s, and none of a job that came another way', async () => {
    const { told, sends } = comfyui()
    await expect(sends('POST /prompt', maya, { prompt: {}, prompt_id: his })).rejects.toThrow('not yours')
    await expect(sends('POST /prompt', chief, { prompt: {}, prompt_id: his })).rejects.toThrow('not yours')
    told.answers['GET /queue'] = { body: '{"queue_running": [], "queue_pending": [[1, "old", {}, {}, []]]}' }
    await expect(sends('POST /prompt', maya, { prompt: {}, prompt_id: nobodys })).rejects.toThrow('not yours')
    told.answers['GET /queue'] = { body: '{"queue_running": [], "queue_pending": []}' }
    told.answers['GET /history/old'] = { body: '{"old": {}}' }
    await expect(sends('POST /prompt', maya, { prompt: {}, prompt_id: nobodys })).rejects.toThrow('not yours')
    told.answers['GET /history/old'] = { body: '{}' }
    expect(await sends('POST /prompt', maya, { prompt: {}, prompt_id: nobodys })).toContain('"prompt_id": "old"')
    await expect(sends('POST /prompt', maya, { prompt: {}, prompt_id: 5 })).rejects.toThrow('prompt_id')
    expect(await sends('POST /prompt', maya, { prompt: {}, prompt_id: hers })).toContain(hers)
  })

  it.each([
    [{ 'content-encoding': 'gzip' }, 'packed'],
    [{ 'content-type': 'application/json; charset=utf-16' }, 'utf-16'],
  ])('reads no body that the service would read otherwise: %o', async (headers, why) => {
    await expect(comfyui().sends('POST /prompt', maya, { prompt: {} }, headers)).rejects.toThrow(why)
  })

  it('sends what is no job on as it is, so that the service says so', async () => {
    const { sends, told } = comfyui()
    expect(await sends('POST /prompt', maya, '[]')).toBe('[]')
    expect(await sends('POST /prompt', maya, 'words')).toBe('words')
    expect(await sends('POST /prompt', maya, '{"prompt": {}, }')).toBe('unreadable')
    expect(await sends('POST /prompt', maya, '{"prompt": {"1": {"is_changed": [NaN]}}}')).toContain('[NaN]')
    expect(told.owners.size).toBe(3)
  })

  it('refuses a graph that reads somebody else’s file, in any spelling', async () => {
    const { told, sends } = comfyui()
    const graph = (image: unknown) => ({ prompt: { 1: { class_type: 'LoadImage', inputs: { image } } } })
    told.owners.set('file folded/input/cat.png', 'noah').set('file noah:input/cat.png', 'noah')
    told.owners.set('file folded/output/a/b.png', 'noah').set('file noah:output/a/b.png', 'noah')
    told.owners.set('file folded/output/mine.png', 'maya').set('file maya:output/mine.png', 'maya')
    const his = [
      'cat.png',
      './cat.png',
      '.\\cat.png',
      'cat.png [input]',
      'cat.png[input]',
      '/cat.png',
      'a/b.png [output]',
      // It resolves to the file within the folder, which is all that ComfyUI looks at.
      '../input/cat.png',
      'x/../cat.png',
      // One character is cut before the bracket: this is `cat.png`, too.
      'cat.pngA[input]',
      'mine.pngA[output]',
      'mine.png [temp] [output]',
      // On Windows.
      'CAT.png',
      'cat.png. ',
      'cat.png::$DATA',
    ]
    for (const image of [...his, 'unknown.png [output]', 'other [temp]', ['cat.png', { deep: [] }]])
      await expect(sends('POST /prompt', maya, graph(image)), JSON.stringify(image)).rejects.toThrow(
        'not a file of yours',
      )
    for (const image of ['example.png', 'mine.png [output]', 'a cat.png in a hat'])
      expect(await sends('POST /prompt', maya, graph(image)), JSON.stringify(image)).toContain('LoadImage')
    expect(await sends('POST /prompt', noah, graph('cat.png'))).toContain('LoadImage')
    expect(await sends('POST /prompt', chief, graph('unknown.png [output]'))).toContain('LoadImage')
  })
})

const item = (id: string, seed = '1') =>
  `[1, "${id}", {"3": {"inputs": {"seed": ${seed}, "t": "]}\\"${his}"}}}, {}, ["9"]]`
const entry = (file: string) =>
  `{"prompt": [1], "outputs": {"9": {"images": [{"filename": "${file}", "subfolder": "s", "type": "output"}], "animated": [false]}}, "x": NaN}`

describe('lists of ComfyUI', () => {
  it('shows of the line and the history what is one’s own, to the digit', async () => {
    const { gives } = comfyui()
    const seed = '18446744073709551615'
    const queue = `{"queue_running": [${item(his)}], "queue_pending": [${item(hers, seed)}, ${item(nobodys)}]}`
    expect(await gives('GET /queue', maya, queue)).toBe(`{"queue_running": [], "queue_pending": [${item(hers, seed)}]}`)
    expect(await gives('GET /api/queue', chief, queue)).toBe(queue)
    const history = `{"${nobodys}": ${entry('o.png')}, "${hers}": ${entry('h.png')},\n"${his}": ${entry('n.png')}}`
    expect(await gives('GET /history', maya, history)).toBe(`{"${hers}": ${entry('h.png')}}`)
    expect(await gives('GET /history', chief, history)).toBe(history)
  })

  it('shows one’s client id as one knows it', async () => {
    const { gives, sends } = comfyui()
    const sent = JSON.parse(await sends('POST /prompt', maya, { prompt: {}, client_id: 'mine' })) as {
      client_id: string
    }
    const history = `{"${hers}": {"prompt": [1, "${hers}", {}, {"client_id": "${sent.client_id}"}]}}`
    expect(sent.client_id).not.toBe('mine')
    for (const path of ['/history', `/history/${hers}`])
      expect(await gives(`GET ${path}`, maya, history)).toBe(history.replace(sent.client_id, 'mine'))
  })

  it.each(['{"queue_running": [1, "', 'null', '<html>', '{"queue_running": {}}'])(
    'tells nothing of %s',
    async (text) => {
      const { gives } = comfyui()
      expect(await gives('GET /queue', maya, text)).toMatch(/^\{"queue_running": \[\](?:, "queue_pending": \[\])?\}$/)
      expect(await gives('GET /history', maya, text)).toBe('{}')
    },
  )

  it('counts max_items and offset among one’s own', async () => {
    const { told, handled } = comfyui()
    const ids = Array.from({ length: 6 }, (_, at) => `id${at}`)
    for (const [at, id] of ids.entries()) told.owners.set(`prompt ${id}`, at % 2 === 0 ? 'maya' : 'noah')
    const history = `{${ids.map((id) => `"${id}": {}`).join(', ')}}`
    const keys = async (query: string) => {
      const handling = await handled(`GET /history?${query}`, maya)
      return [
        handling.target,
        Object.keys(JSON.parse(String(await handling.answer?.read(Buffer.from(history)))) as object),
      ]
    }
    expect(await keys('max_items=2&token=x')).toEqual(['/history?max_items=256', ['id2', 'id4']])
    expect(await keys('max_items=0')).toEqual(['/history?max_items=256', []])
    expect(await keys('max_items=100')).toEqual(['/history?max_items=800', ['id0', 'id2', 'id4']])
    expect(await keys('max_items=1&offset=1')).toEqual(['/history?max_items=4000', ['id2']])
    // Python reads some of these, and gives everybody's history then.
    for (const number of ['x', '9999999999', '1_0', '٣', '1e3', ''])
      for (const name of ['max_items', 'offset'])
        await expect(handled(`GET /history?${name}=${encodeURIComponent(number)}`, maya), number).rejects.toThrow(
          'is no number',
        )
  })

  it('answers for other people’s ids as for unknown ones', async () => {
    const { own, handled } = comfyui()
    for (const id of [his, nobodys, 'none', '%61']) {
      expect(await own(`GET /history/${id}`, maya)).toMatchObject({ status: 200, body: '{}' })
      expect(await own(`GET /api/jobs/${id}`, maya)).toMatchObject({ status: 404, body: '{"error": "Job not found"}' })
      expect(await own(`POST /api/jobs/${id}/cancel`, maya)).toMatchObject({ body: '{"cancelled": false}' })
    }
    expect(await handled(`POST /api/jobs/${hers}/cancel`, maya)).toEqual({})
    expect(await handled(`GET /history/${his}`, chief)).toEqual({})
  })

  it('lists one’s own jobs, and counts these alone', async () => {
    const { told, handled } = comfyui()
    const preview = '{"filename": "p.png", "subfolder": "", "type": "temp", "nodeId": "9", "mediaType": "images"}'
    const jobs = `{"jobs": [{"id": "${his}"}, {"id": "${hers}", "preview_output": ${preview}}, {"id": "old"}], "pagination": {"total": 3}}`
    told.answers[`GET /history/${hers}`] = { body: `{"${hers}": ${entry('p.png')}}` }
    const handling = await handled('GET /api/jobs?limit=1&status=completed', maya)
    expect(handling.target).toBe('/api/jobs?status=completed')
    const given = JSON.parse(String(await handling.answer?.read(Buffer.from(jobs)))) as { jobs: unknown[] }
    expect(given).toMatchObject({
      jobs: [{ id: hers }],
      pagination: { offset: 0, limit: 1, total: 1, has_more: false },
    })
    expect(told.owners.get('file maya:output/s/p.png')).toBe('maya')
    for (const limit of ['0', '-1', '9999999999', '1_0'])
      await expect(handled(`GET /api/jobs?limit=${limit}`, maya), limit).rejects.toThrow('limit is no')
  })

  it('keeps the program’s arguments to itself', async () => {
    const { gives } = comfyui()
    const stats = '{"system": {"os": "posix", "argv": ["main.py", "--secret", "x"], "ram_free": 1}, "devices": []}'
    expect(await gives('GET /system_stats', maya, stats)).toBe(
      '{"system": {"os": "posix", "argv": [], "ram_free": 1}, "devices": []}',
    )
    expect(await gives('GET /system_stats', maya, '"x"')).toBe('{}')
    expect(await gives('GET /system_stats', chief, stats)).toBe(stats)
  })
})

describe('orders to ComfyUI', () => {
  it('deletes one’s own alone, and clears for nobody', async () => {
    const { sends } = comfyui()
    for (const path of ['/queue', '/history', '/api/queue']) {
      expect(await sends(`POST ${path}`, maya, { delete: [his, hers, nobodys] })).toBe(`{"delete":["${hers}"]}`)
      expect(await sends(`POST ${path}`, maya, { delete: [his] })).toBe(nothing)
      expect(await sends(`POST ${path}`, maya, { clear: false })).toBe(nothing)
      for (const clear of [true, 1, 'x', [0], 0.5, -1])
        await expect(sends(`POST ${path}`, maya, { clear })).rejects.toThrow('administrator')
      for (const body of ['{"clear": NaN}', '{"clear": false, "cle\\u0061r": true}'])
        await expect(sends(`POST ${path}`, maya, body), body).rejects.toThrow('administrator')
      for (const body of ['', '[]', '{"delete": "x"}', '{"delete": [1]}', '{"delete": {}}'])
        await expect(sends(`POST ${path}`, maya, body), body).rejects.toThrow('whom this request concerns')
      expect(await sends(`POST ${path}`, chief, { clear: true })).toBe('{"clear":true}')
    }
  })

  it.each<[string, string[], string]>([
    ['', [hers], hers],
    ['{}', [hers], hers],
    ['not json', [hers], hers],
    [`{"prompt_id": "${hers}"}`, [hers], hers],
    ['{"prompt_id": ""}', [hers], hers],
    ['', [his], nothing],
    ['', [], nothing],
    ['', [hers, his], nothing],
    ['[]', [his], nothing],
    [`{"prompt_id": "${his}"}`, [his], nothing],
    [`{"prompt_id": "${hers}"}`, [his], nothing],
    [`{"prompt_id": "${his}"}`, [hers], nothing],
    ['{"prompt_id": 5}', [hers], nothing],
  ])('interrupts with %s while %o runs', async (body, running, expected) => {
    const { told, sends } = comfyui()
    told.answers['GET /queue'] = {
      body: `{"queue_running": [${running.map((id) => item(id)).join(', ')}], "queue_pending": []}`,
    }
    const sent = await sends('POST /interrupt', maya, body)
    expect(sent).toBe(expected === nothing ? nothing : `{"prompt_id":"${expected}"}`)
  })

  it('interrupts nothing where the line is not told', async () => {
    await expect(comfyui().sends('POST /interrupt', maya, '')).rejects.toThrow('not known whose job')
  })

  it('cancels one’s own of several', async () => {
    const { sends } = comfyui()
    expect(await sends('POST /api/jobs/cancel', maya, { job_ids: [his, hers] })).toBe(`{"job_ids":["${hers}"]}`)
    expect(await sends('POST /api/jobs/cancel', maya, { job_ids: [his] })).toBe('own 200 {"cancelled": false}')
    await expect(sends('POST /api/jobs/cancel', maya, { job_ids: [[his]] })).rejects.toThrow('job_ids')
  })
})

describe('files of ComfyUI', () => {
  it('shows those that one’s own jobs wrote', async () => {
    const { gives, own, handled } = comfyui()
    await gives(`GET /history/${hers}`, maya, `{"${hers}": ${entry('h.png')}}`)
    const { target } = await handled('GET /view?filename=h.png&subfolder=s&preview=webp;90&token=x&evil=1', maya)
    expect(target).toBe('/view?filename=h.png&type=output&subfolder=s&preview=webp%3B90')
    expect((await handled('GET /api/view?filename=h.png+[output]&subfolder=./s//&type=temp', maya)).target).toContain(
      '/api/view?',
    )
    for (const query of [
      'filename=h.png',
      'filename=h.png&subfolder=s&type=temp',
      'filename=h.png+[temp]&subfolder=s',
      'filename=s/h.png',
      'filename=..%2Fh.png&subfolder=s/x',
      'filename=h.png&subfolder=x/../s',
      'filename=h.png&filename=x&subfolder=',
      'filename=blake3:00',
      '',
    ])
      expect(await own(`GET /view?${query}`, maya), query).toMatchObject({ status: 404 })
    expect(await own('GET /view?filename=h.png&subfolder=s', noah)).toMatchObject({ status: 404 })
    expect(await handled('GET /view?filename=h.png&subfolder=s', chief)).toEqual({})
  })

  it('lets two people have the same file, which the same cached job gave them', async () => {
    const { gives, handled } = comfyui()
    await gives(`GET /history/${hers}`, maya, `{"${hers}": ${entry('h.png')}}`)
    await gives('GET /history', noah, `{"${his}": ${entry('h.png')}}`)
    for (const visitor of [maya, noah])
      expect((await handled('GET /view?filename=h.png&subfolder=s', visitor)).target).toContain('h.png')
  })

  it('names one’s own files alone', async () => {
    const { told, gives } = comfyui()
    told.owners.set('file maya:output/a.png', 'maya')
    expect(await gives('GET /internal/files/output', maya, '["a.png [output]", "b.png [output]"]')).toBe(
      '["a.png [output]"]',
    )
    expect(await gives('GET /internal/files/output', maya, '["a.png", "b.png"]')).toBe('["a.png"]')
    expect(await gives('GET /internal/files/input', maya, '["a.png"]')).toBe('[]')
  })
})
