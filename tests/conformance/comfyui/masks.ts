import { encodePng, readPngTexts } from '../../../electron/simulator/media/png'
import { decodeAlpha, decodeImage, type Raster } from '../../../electron/simulator/media/raster'
import type { Check, Expected, Table } from '../row'
import { askIn, needs, type ComfyuiRow, type ComfyuiWorld } from './world'

const plain = (grey: number, width = 8): Raster => ({
  width,
  height: 8,
  data: new Uint8Array(width * 8 * 3).fill(grey),
})
const broken: Expected = { status: 500, text: /^500 Internal Server Error/ }
const answers = (name: string): Expected => ({ status: 200, json: { name, type: 'temp' } })

function send(
  world: ComfyuiWorld,
  route: 'image' | 'mask',
  name: string,
  bytes: Uint8Array,
  fields: Record<string, string>,
) {
  const form = new FormData()
  for (const [key, value] of Object.entries(fields)) form.append(key, value)
  form.append('image', new Blob([new Uint8Array(bytes)], { type: 'image/png' }), name)
  return askIn(world, { method: 'POST', path: `/upload/${route}`, body: form })
}

async function playMasks(world: ComfyuiWorld, check: Check) {
  const where = { type: 'temp', subfolder: `regie-conformance-${crypto.randomUUID().slice(0, 8)}` }
  const see = (name: string) => askIn(world, { path: `/view?filename=${name}&type=temp&subfolder=${where.subfolder}` })
  const mask = await encodePng(plain(0), {}, plain(90))
  const of = (filename: string, more: object = {}) => JSON.stringify({ filename, ...where, ...more })
  const put = (name: string, original: string | null, bytes: Uint8Array = mask) =>
    send(world, 'mask', name, bytes, { ...where, ...(original === null ? {} : { original_ref: original }) })

  await send(world, 'image', 'base.png', await encodePng(plain(200), { prompt: '{"kept": 1}' }), where)
  check.answer('a mask', await put('masked.png', of('base.png')), answers('masked.png'))
  const { bytes } = await see('masked.png')
  check.same('its colours', decodeImage(bytes, 'as they are')?.data[0], 200)
  check.same('its transparency', decodeAlpha(bytes)?.data[0], 90)
  check.same('its texts', readPngTexts(bytes), { prompt: '{"kept": 1}' })
  check.answer(
    'without transparency',
    await put('opaque.png', of('base.png'), await encodePng(plain(0))),
    answers('opaque.png'),
  )
  check.same('is all opaque', decodeAlpha((await see('opaque.png')).bytes)?.data[0], 255)
  check.answer('of a picture that is not there', await put('none.png', of('gone.png')), answers('none.png'))
  check.answer('of a name that escapes', await put('out.png', of('../base.png')), answers('out.png'))
  check.answer('of an unknown folder', await put('moon.png', of('base.png', { type: 'moon' })), answers('moon.png'))
  for (const name of ['none.png', 'out.png', 'moon.png']) check.same(`${name} is kept`, (await see(name)).status, 404)
  check.answer('of another size', await put('small.png', of('base.png'), await encodePng(plain(0, 4))), broken)
  check.answer('that is no picture', await put('text.png', of('base.png'), Buffer.from('hello')), broken)
  check.answer('of nothing', await put('nothing.png', null), broken)
  check.answer('of what is no JSON', await put('json.png', 'x'), broken)
}

const rows: readonly ComfyuiRow[] = [
  {
    what: 'a mask gives the picture that it is of its transparency, and is answered well where there is no such picture',
    skip: needs.letIn,
    changes: true,
    play: playMasks,
  },
]

/** How the editor's own masks are kept. */
export const maskTables: readonly Table<ComfyuiWorld>[] = [{ title: 'ComfyUI: masks', rows }]
