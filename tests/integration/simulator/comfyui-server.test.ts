import { readFileSync } from 'node:fs'
import http from 'node:http'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { encodePng } from '../../../electron/simulator/media/png'
import { ask, comfyui, folder, type Answer } from './support'

const png = (value: number) => encodePng({ width: 8, height: 8, data: new Uint8Array(192).fill(value) })

async function upload(url: string, bytes: Uint8Array, fields: Record<string, string> = {}, name = 'up.png') {
  const form = new FormData()
  // A copy, for a Buffer may be a view of a larger pool.
  form.append('image', new Blob([new Uint8Array(bytes)]), name)
  for (const [key, value] of Object.entries(fields)) form.append(key, value)
  return ask(`${url}/upload/image`, { method: 'POST', body: form })
}

/** A request with a Host header, which fetch does not let through. */
const withHost = (url: string, host: string, origin: string) =>
  new Promise<number>((resolve, reject) => {
    const request = http.request(`${url}/system_stats`, { headers: { host, origin } }, (response) => {
      response.resume()
      resolve(response.statusCode ?? 0)
    })
    request.on('error', reject)
    request.end()
  })

describe('transport', () => {
  test('every route answers with and without /api', async () => {
    const { url } = await comfyui()
    for (const path of ['/system_stats', '/queue', '/history', '/object_info/KSampler', '/models', '/features']) {
      const [plain, prefixed] = await Promise.all([ask(`${url}${path}`), ask(`${url}/api${path}`)])
      expect([path, plain.status, prefixed.status]).toEqual([path, 200, 200])
    }
    expect((await ask(`${url}/internal/logs`)).status).toBe(200)
    expect((await ask(`${url}/api/internal/logs`)).status).toBe(404)
  })

  test('an unknown path is an empty 404, and so is the jobs API of later versions', async () => {
    const { url } = await comfyui()
    for (const path of ['/nope', '/api/jobs?limit=1']) {
      const answer = await ask(`${url}${path}`)
      expect([answer.status, answer.text, answer.headers.get('content-type')]).toEqual([
        404,
        '',
        'application/octet-stream',
      ])
    }
  })

  test('OPTIONS answers 200 with nothing, on any path', async () => {
    const { url } = await comfyui()
    const answer = await ask(`${url}/nope`, { method: 'OPTIONS' })
    expect([answer.status, answer.text]).toEqual([200, ''])
  })

  test('a foreign origin is refused on a loopback host, and only there', async () => {
    const { url, port } = await comfyui()
    const status = async (origin: string) => {
      const answer = await ask(`${url}/system_stats`, { headers: { origin } })
      return [answer.status, answer.status === 403 ? answer.text : '']
    }
    expect(await status('http://evil.example')).toEqual([403, ''])
    expect(await status(`http://127.0.0.1:${port + 1}`)).toEqual([403, ''])
    expect(await status(url)).toEqual([200, ''])
    expect(await status('null')).toEqual([200, ''])
    expect(await withHost(url, `localhost:${port}`, 'http://evil.example')).toBe(403)
    expect(await withHost(url, 'comfy.example', 'http://evil.example')).toBe(200)
  })

  test('CORS takes the place of the origin check', async () => {
    const { url } = await comfyui({ cors: '*' })
    const answer = await ask(`${url}/system_stats`, { headers: { origin: 'http://evil.example' } })
    expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([200, '*'])
  })

  test('a body over the limit is refused with its size', async () => {
    const { url } = await comfyui({ maxUploadMiB: 0.001 })
    const answer = await ask(`${url}/prompt`, { body: 'x'.repeat(2000) })
    expect([answer.status, answer.text]).toEqual([413, 'Maximum request body size 1049 exceeded.'])
    expect((await upload(url, Buffer.alloc(5000))).status).toBe(413)
  })

  test('a JSON body is read whatever its content type says', async () => {
    const { url } = await comfyui()
    const answer = await ask(`${url}/queue`, { body: '{"clear":true}', headers: { 'content-type': 'text/plain' } })
    expect(answer.status).toBe(200)
  })

  test('/ws without an upgrade is a 400', async () => {
    const { url } = await comfyui()
    expect((await ask(`${url}/ws`)).status).toBe(400)
  })

  test('system_stats has the shape of 0.3.64', async () => {
    const { url } = await comfyui()
    const stats = (await ask(`${url}/system_stats`)).json as { system: object; devices: object[] }
    expect(stats.system).toMatchObject({ comfyui_version: '0.3.64', embedded_python: false })
    expect(stats.devices).toHaveLength(1)
    expect(Object.keys(stats.devices[0] ?? {})).toEqual([
      'name',
      'type',
      'index',
      'vram_total',
      'vram_free',
      'torch_vram_total',
      'torch_vram_free',
    ])
  })
})

describe('object_info and models', () => {
  test('a class is described with its inputs in order', async () => {
    const { url } = await comfyui()
    const { EmptyImage } = (await ask(`${url}/object_info/EmptyImage`)).json as Record<string, Record<string, unknown>>
    expect(EmptyImage).toMatchObject({
      input: {
        required: {
          width: ['INT', { default: 512, min: 1, max: 16384, step: 1 }],
          color: ['INT', { default: 0, min: 0, max: 16777215, step: 1, display: 'color' }],
        },
      },
      input_order: { required: ['width', 'height', 'batch_size', 'color'] },
      output: ['IMAGE'],
      output_is_list: [false],
      python_module: 'nodes',
      output_node: false,
    })
  })

  test('an unknown class is an empty object, with 200', async () => {
    const { url } = await comfyui()
    const answer = await ask(`${url}/object_info/Nope`)
    expect([answer.status, answer.json]).toEqual([200, {}])
  })

  test('drop-downs list the files that are there', async () => {
    const at = folder({ 'models/checkpoints/mine.safetensors': '', 'models/checkpoints/notes.txt': '' })
    const { url } = await comfyui({ folder: at, withoutLogin: true })
    const expected = ['mine.safetensors', 'sd_xl_base_1.0.safetensors', 'sd_xl_turbo_1.0_fp16.safetensors']
    expect((await ask(`${url}/models/checkpoints`)).json).toEqual(expected)
    const info = (await ask(`${url}/object_info/CheckpointLoaderSimple`)).json as {
      CheckpointLoaderSimple: { input: { required: { ckpt_name: unknown[] } } }
    }
    expect(info.CheckpointLoaderSimple.input.required.ckpt_name[0]).toEqual(expected)
  })

  test.each(['unet', 'clip', 'nope'])('/models/%s is an empty 404', async (name) => {
    const { url } = await comfyui()
    const answer = await ask(`${url}/models/${name}`)
    expect([answer.status, answer.text]).toEqual([404, ''])
  })
})

describe('uploads and views', () => {
  test('the same name with other content gets another name', async () => {
    const { url } = await comfyui()
    const [one, two] = [await png(1), await png(2)]
    expect((await upload(url, one)).json).toEqual({ name: 'up.png', subfolder: '', type: 'input' })
    expect((await upload(url, one)).json).toMatchObject({ name: 'up.png' })
    expect((await upload(url, two)).json).toMatchObject({ name: 'up (1).png' })
    expect((await upload(url, two, { overwrite: 'true' })).json).toMatchObject({ name: 'up.png' })
    expect((await upload(url, one, { subfolder: 'sub', type: 'temp' })).json).toEqual({
      name: 'up.png',
      subfolder: 'sub',
      type: 'temp',
    })
  })

  test('what cannot be kept is refused', async () => {
    const { url } = await comfyui()
    const bytes = await png(1)
    const short = ({ status, text }: Answer) => [status, text]
    expect(short(await upload(url, bytes, { subfolder: '../x' }))).toEqual([400, ''])
    expect(short(await upload(url, bytes, {}, '../up.png'))).toEqual([400, ''])
    expect((await upload(url, bytes, { type: 'bad' })).status).toBe(500)
    const form = new FormData()
    form.append('type', 'input')
    expect(short(await ask(`${url}/upload/image`, { method: 'POST', body: form }))).toEqual([400, ''])
  })

  test.each<[what: string, query: string, status: number]>([
    ['a file in a sub folder', 'filename=a%20%231.png&subfolder=sub&type=output', 200],
    ['the type by annotation', 'filename=a%20%231.png%20[output]&subfolder=sub&type=output', 200],
    ['a folder in the file name', 'filename=sub/a%20%231.png', 404],
    ['a file that is not there', 'filename=nope.png', 404],
    ['no file name', '', 404],
    ['two dots in the name', 'filename=../secret.png', 400],
    ['an absolute name', 'filename=/etc/passwd', 400],
    ['an unknown type', 'filename=a.png&type=models', 400],
    ['a sub folder that escapes', 'filename=PASSWORD&subfolder=../login', 403],
  ])('%s', async (_what, query, status) => {
    const at = folder({ 'output/sub/a #1.png': 'x', 'login/PASSWORD': 'secret' })
    const { url } = await comfyui({ folder: at, withoutLogin: true })
    const answer = await ask(`${url}/view?${query}`)
    expect([answer.status, answer.text]).toEqual([status, status === 200 ? 'x' : ''])
  })

  test('originals can be asked for in ranges, and previews are made anew', async () => {
    const at = folder()
    const { url } = await comfyui({ folder: at, withoutLogin: true })
    const bytes = await png(9)
    await upload(url, bytes)
    const target = `${url}/view?filename=up.png&type=input`
    const whole = await fetch(target)
    expect(Buffer.from(await whole.arrayBuffer()).equals(bytes)).toBe(true)
    expect(whole.headers.get('content-disposition')).toBe('filename="up.png"')
    expect([whole.headers.get('etag'), whole.headers.get('accept-ranges')]).toEqual([expect.any(String), 'bytes'])
    const part = await fetch(target, { headers: { range: 'bytes=1-3' } })
    expect([part.status, await part.text()]).toEqual([206, 'PNG'])
    const preview = await fetch(`${target}&preview=jpeg;80`)
    const first = new Uint8Array(await preview.arrayBuffer()).subarray(0, 2)
    expect([preview.headers.get('etag'), [...first]]).toEqual([null, [0xff, 0xd8]])
  })

  test('the newest file comes first in the internal listing', async () => {
    const at = folder({ 'input/a.txt': '' })
    const { url } = await comfyui({ folder: at, withoutLogin: true })
    await upload(url, await png(1))
    expect((await ask(`${url}/internal/files/input`)).json).toEqual(['up.png', 'a.txt'])
    const wrong = await ask(`${url}/internal/files/models`)
    expect([wrong.status, wrong.json]).toEqual([400, { error: 'Invalid directory type' }])
    expect(readFileSync(path.join(at, 'input', 'up.png'))).toHaveLength((await png(1)).length)
  })
})
