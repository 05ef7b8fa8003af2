import { execFile } from 'node:child_process'
import { createServer } from 'node:http'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { clientOf, envOf, snippetsOf } from '../../../renderer/features/keys/snippets'

const key = 'rk_abcdefghijklmnopqrstuvwxyz0123456789'
const subject = (kind: 'comfyui' | 'forge', url = 'https://studio.lan:9188') => ({ kind, url, name: 'jonas' })

describe('how a key is used', () => {
  it.each(['comfyui', 'forge'] as const)(
    '%s: no snippet but the .env holds a key, and each reads REGIE_KEY',
    (kind) => {
      for (const text of Object.values(snippetsOf(subject(kind)))) {
        expect(text).toContain('REGIE_KEY')
        expect(text).toContain('studio.lan')
        expect(text).not.toContain('rk_')
      }
      expect(envOf(subject(kind), key)).toContain(`REGIE_KEY='${key}'`)
    },
  )

  it('names the library of the kind, with its host and port', () => {
    expect(clientOf('forge-neo')).toBe('webuiapi')
    expect(snippetsOf(subject('forge', 'http://127.0.0.1:9860')).client).toContain(
      'WebUIApi(host="127.0.0.1", port=9860)',
    )
    expect(snippetsOf(subject('forge')).client).toContain('port=9188, use_https=True)')
    expect(snippetsOf(subject('comfyui')).client).toContain('ComfyApiWrapper("https://studio.lan:9188", "jonas",')
  })

  it('gives notebooks the names that theirs know', () => {
    expect(envOf(subject('comfyui'), key)).toContain(`COMFYUI_AUTH_TOKEN='${key}'`)
    expect(envOf(subject('forge'), key)).toMatch(/FORGE_USER='jonas'\nFORGE_PASSWORD='rk_/)
  })
})

describe.skipIf(process.platform === 'win32')('what is pasted into a shell', () => {
  const asked: { authorization: string | undefined; body: string }[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (piece) => (body += String(piece)))
    request.on('end', () => {
      asked.push({ authorization: request.headers.authorization, body })
      response.end('{}')
    })
  })
  beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)))
  afterAll(() => void server.close())

  it('sends the key as a bearer token, and keeps it out of every argument', async () => {
    const address = server.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    const { curl } = snippetsOf(subject('forge', `http://127.0.0.1:${port}`))
    await promisify(execFile)('bash', ['-c', curl], { env: { ...process.env, REGIE_KEY: key } })
    expect(asked).toHaveLength(1)
    expect(asked[0]?.authorization).toBe(`Bearer ${key}`)
    expect(JSON.parse(asked[0]?.body ?? '')).toMatchObject({ prompt: 'lighthouse at dusk' })
  })
})
