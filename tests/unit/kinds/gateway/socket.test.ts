import { describe, expect, it } from 'vitest'
import type { Visitor } from '../../../../electron/kinds/gateway'
import { chief, isolated, maya, noah } from './world'

async function opened(visitor: Visitor, asked = 'GET /ws?clientId=c1') {
  const inside = isolated('comfyui')
  inside.told.owners.set('prompt hers', 'maya').set('prompt his', 'noah')
  const handling = await inside.handled(asked, visitor)
  const filter = handling.socket?.()
  if (filter === undefined) throw new Error('no filter')
  const text = (type: string, data: object) => {
    // As Python writes it.
    const said = JSON.stringify({ type, data }).replaceAll('":', '": ').replaceAll(',"', ', "')
    const given = filter.fromService(Buffer.from(said), false)
    return Buffer.isBuffer(given) ? given.toString() : given
  }
  const frame = (type: number, ...rest: Buffer[]) => {
    const head = Buffer.alloc(4)
    head.writeUInt32BE(type)
    return filter.fromService(Buffer.concat([head, ...rest]), true)
  }
  const named = (metadata: string) => {
    const length = Buffer.alloc(4)
    length.writeUInt32BE(metadata.length)
    return frame(4, length, Buffer.from(metadata), Buffer.from('picture'))
  }
  return { ...inside, target: handling.target ?? '', filter, text, frame, named }
}

const picture = Buffer.from('\0\0\0\x01picture')
const run = (id: string) =>
  [
    ['execution_start', { prompt_id: id, timestamp: 1 }],
    ['execution_cached', { nodes: [], prompt_id: id }],
    ['progress_state', { prompt_id: id, nodes: { 1: { value: 1, prompt_id: id, node_id: '1' } } }],
    ['executing', { node: '1', display_node: '1', prompt_id: id }],
    ['progress', { value: 1, max: 20, prompt_id: id, node: '1' }],
    [
      'executed',
      { node: '9', output: { images: [{ filename: `${id}.png`, subfolder: '', type: 'output' }] }, prompt_id: id },
    ],
  ] as const
const status = ['status', { status: { exec_info: { queue_remaining: 2 } } }] as const

describe('messages of ComfyUI', () => {
  it('lets through those of one’s own prompts, with their pictures', async () => {
    const { text, frame, told } = await opened(maya)
    for (const [type, data] of run('hers')) {
      expect(text(type, data), type).toBe(true)
      expect(frame(1, picture), type).toBe(true)
    }
    expect(told.owners.get('file maya:output/hers.png')).toBe('maya')
    expect(text('execution_success', { prompt_id: 'hers' })).toBe(true)
    expect(frame(1, picture)).toBe(false)
  })

  it('drops those of others, and what nobody is known to have', async () => {
    const { text, frame, named } = await opened(maya)
    for (const id of ['his', 'unknown'])
      for (const [type, data] of [...run(id), ['execution_interrupted', { prompt_id: id }] as const]) {
        expect(text(type, data), `${type} ${id}`).toBe(false)
        expect(frame(1, picture), `${type} ${id}`).toBe(false)
        expect(frame(3, Buffer.from('\0\0\0\x011words')), `${type} ${id}`).toBe(false)
        expect(named(`{"prompt_id": "${id}"}`)).toBe(false)
      }
    expect(text(...status)).toBe(true)
    expect(frame(1, picture)).toBe(false)
    expect(named('{"node_id": "1", "prompt_id": "hers"}')).toBe(true)
    expect(frame(1, picture)).toBe(false)
  })

  it('forgets who runs at each sign that it may have changed', async () => {
    const signs: readonly (readonly [string, object])[] = [
      status,
      ['executing', { node: null, display_node: null, prompt_id: 'hers' }],
      ['execution_error', { prompt_id: 'hers' }],
      ['execution_interrupted', { prompt_id: 'hers' }],
      ['execution_start', { prompt_id: 'his' }],
    ]
    for (const [type, data] of signs) {
      const { text, frame } = await opened(maya)
      text('progress', { value: 1, prompt_id: 'hers' })
      expect(frame(1, picture)).toBe(true)
      text(type, data)
      expect(frame(1, picture), type).toBe(false)
    }
  })

  it('is not taken in by an id inside an output', async () => {
    const { text, filter } = await opened(maya)
    const output = { text: ['{"prompt_id": "hers"}'], inner: { prompt_id: 'hers' } }
    expect(text('executed', { node: '1', output, prompt_id: 'his' })).toBe(false)
    expect(text('executed', { node: '1', output: { text: ['"prompt_id": "hers"'] }, prompt_id: 'his' })).toBe(false)
    expect(text('custom', { a: { prompt_id: 'hers' }, b: { prompt_id: 'his' } })).toBe(false)
    for (const said of ['', 'x', '[]', '{"data": {"prompt_id": "hers"}}', '{"type": "pro\\u0067ress"}'])
      expect(filter.fromService(Buffer.from(said), false), said).toBe(false)
    for (const frame of ['', 'ab', '\0\0\0\x04', '\0\0\0\x04\xff\xff\xff\xff{}', '\0\0\0\x09hers'])
      expect(filter.fromService(Buffer.from(frame, 'latin1'), true), frame).toBe(false)
  })

  it('drops unknown kinds of message unless the switch allows them, and logs always', async () => {
    const { text, told } = await opened(maya)
    expect(text('crystools.monitor', { cpu: 1 })).toBe(false)
    expect(text('feature_flags', { supports_preview_metadata: true })).toBe(true)
    told.unknownRoutes = true
    expect(text('crystools.monitor', { cpu: 1 })).toBe(true)
    expect(text('custom', { prompt_id: 'his' })).toBe(false)
    expect(text('logs', { entries: [] })).toBe(false)
  })

  it('takes the node that a returning client is told once as its own', async () => {
    const { text, frame } = await opened(maya)
    text('status', { status: {}, sid: 'x' })
    expect(text('executing', { node: '5' })).toBe(true)
    expect(frame(1, picture)).toBe(true)
    text('progress', { prompt_id: 'his' })
    expect(text('executing', { node: '5' })).toBe(false)
  })

  it('opens under a client id apart for each person, and tells the client the id that it knows', async () => {
    const { target, text } = await opened(maya)
    expect(target).toMatch(/^\/ws\?clientId=c1%7E[0-9a-f]{10}$/)
    const id = new URLSearchParams(target.split('?')[1]).get('clientId') ?? ''
    expect(text('status', { status: {}, sid: id })).toContain('"sid": "c1"')
    expect((await opened(noah)).target).not.toBe(target)
    expect((await opened(noah, `GET /ws?clientId=${id}`)).target).not.toContain(`${encodeURIComponent(id)}&`)
    expect((await opened(maya, `GET /ws?clientId=${id}`)).target).toBe(target)
    const made = await opened(maya, 'GET /api/ws?token=x&other=1')
    expect(made.target).toMatch(/^\/api\/ws\?other=1&clientId=[0-9a-f]{32}%7E[0-9a-f]{10}$/)
    expect((await opened(chief)).target).toMatch(/^\/ws\?clientId=c1%7E[0-9a-f]{10}$/)
    // Made by chance, and of one who may see all: it stays as it is.
    const chance = 'GET /ws?clientId=0a6a3b4e-0000-4000-8000-000000000000'
    expect((await opened(chief, chance)).target).toBe(chance.slice('GET '.length))
  })

  it('shows an administrator all', async () => {
    const { text, frame, told } = await opened(chief)
    for (const [type, data] of run('his')) expect(text(type, data)).toBe(true)
    expect(frame(1, picture)).toBe(true)
    expect(text('logs', {})).toBe(true)
    expect(told.owners.get('file noah:output/his.png')).toBe('noah')
  })
})
