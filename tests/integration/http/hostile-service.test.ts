import { readdir, readFile } from 'node:fs/promises'
import http from 'node:http'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { WebSocketServer } from 'ws'
import type { PanelEvent } from '../../../shared/contract'
import { fingerprint } from '../../../electron/vault/fingerprint'
import { long } from '../../support/long'
import { bundlePanelPrograms, startPanel, type RunningPanel } from '../../support/panel'
import { freePort } from '../../support/ports'
import { until } from '../../support/until'

const username = 'renate'
const password = 'Zq7mW/4xK+pR9tB2vL8nc%Hy'

let programs: Awaited<ReturnType<typeof bundlePanelPrograms>>
let running: RunningPanel
const events: PanelEvent[] = []

beforeAll(async () => {
  programs = await bundlePanelPrograms()
  running = await startPanel({ ...programs, demo: false })
  const { body } = await running.rest('GET', 'health')
  expect(body).toMatchObject({ status: 'ok' })
})
afterAll(async () => {
  await running.stop()
  await programs.remove()
})

const entity = (text: string) =>
  Array.from(text)
    .map((one) => `&#${one.codePointAt(0)};`)
    .join('')
const percent = (text: string) => Buffer.from(text, 'utf8').toString('hex').replaceAll(/../g, '%$&')
const unicode = (text: string) =>
  Array.from(text)
    .map((one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('')
const spellings = [
  (text: string) => text,
  encodeURIComponent,
  percent,
  unicode,
  entity,
  (text: string) => JSON.stringify(JSON.stringify({ said: text })),
  (text: string) => text.replaceAll('/', String.raw`\/`),
  (text: string) => Buffer.from(text, 'utf8').toString('base64'),
]

type Manner = 'refuses' | 'fails' | 'answers'

/** A service that repeats every secret it was ever sent, in every spelling, wherever words can stand. */
async function startEcho(kind: 'comfyui' | 'forge') {
  const sent = new Set([password, `${username}:${password}`])
  let manner: Manner = 'refuses'
  let words: 'json' | 'text' | 'validation' = 'json'
  const port = await freePort()
  const said = () => [...sent].flatMap((secret) => spellings.map((spell) => spell(secret)))
  const server = http.createServer((request, response) => {
    request.resume()
    const bearer = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1]
    if (bearer !== undefined) sent.add(bearer)
    const echo = said().join(' | ')
    const isLet = request.headers.authorization !== undefined && manner === 'answers'
    const headers = {
      server: `echo ${password}`,
      via: `1.1 ${encodeURIComponent(password)}`,
      'www-authenticate': `Basic realm="${Buffer.from(`${username}:${password}`).toString('base64')}"`,
    }
    const status = manner === 'fails' ? 500 : isLet ? 200 : 401
    const { pathname } = new URL(request.url ?? '/', 'http://echo')
    if (isLet && request.method === 'GET') {
      response.writeHead(200, {
        ...headers,
        'content-type': 'application/json',
      })
      response.end(JSON.stringify(kind === 'comfyui' ? comfyui(pathname, said()) : forge(pathname, said())))
      return
    }
    if (isLet) {
      // Whatever is posted is refused in words.
      const [first = ''] = said()
      const refused = {
        comfyui: {
          error: {
            type: 'prompt_outputs_failed_validation',
            message: echo,
            details: echo,
            extra_info: {},
          },
          node_errors: {
            '3': {
              errors: [
                {
                  type: 'other',
                  message: echo,
                  details: echo,
                  extra_info: { input_name: first },
                },
              ],
            },
          },
        },
        forge: {
          detail: [{ loc: ['body', first], msg: echo, type: 'value_error' }],
          errors: echo,
          error: first,
        },
      }
      const failed = kind === 'comfyui' ? 400 : words === 'validation' ? 422 : 500
      response.writeHead(failed, {
        ...headers,
        'content-type': 'application/json',
      })
      response.end(JSON.stringify(refused[kind]))
      return
    }
    const location = pathname === '/config' ? { location: `/echo/${encodeURIComponent(password)}` } : {}
    response.writeHead(pathname === '/config' ? 307 : status, {
      ...headers,
      ...location,
    })
    response.end(words === 'text' ? echo : JSON.stringify({ detail: echo, error: echo, [echo]: echo }))
  })
  const sockets = new WebSocketServer({ noServer: true })
  server.on('upgrade', (request, socket, head) => {
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      webSocket.send(
        JSON.stringify({
          type: 'status',
          data: { status: { exec_info: { queue_remaining: 0 } } },
        }),
      )
    })
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${port}`,
    /** What it was sent, in plain words. */
    sent: () => [...sent],
    behave(next: Manner, how: typeof words = 'json') {
      manner = next
      words = how
    },
    async close() {
      for (const client of sockets.clients) client.terminate()
      sockets.close()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function comfyui(pathname: string, said: string[]): unknown {
  if (pathname === '/system_stats')
    return {
      system: { comfyui_version: said[0], argv: said },
      devices: [{ name: said[0], type: 'cuda', vram_total: 1, vram_free: 1 }],
    }
  if (pathname === '/queue') return { queue_running: [], queue_pending: [] }
  const choices = Object.fromEntries(
    ['sampler_name', 'scheduler', 'ckpt_name', 'unet_name', 'clip_name', 'vae_name'].map((name) => [name, [said]]),
  )
  const name = pathname.split('/').at(-1) ?? ''
  if (pathname.startsWith('/object_info/')) return { [name]: { input: { required: choices } } }
  return said
}

function forge(pathname: string, said: string[]): unknown {
  const models = said.map((title) => ({
    title,
    model_name: title,
    filename: title,
    hash: null,
    sha256: null,
    config: null,
  }))
  if (pathname.endsWith('/sd-models')) return models
  if (pathname.endsWith('/samplers')) return said.map((name) => ({ name, aliases: [], options: {} }))
  if (pathname.endsWith('/schedulers')) return said.map((name) => ({ name, label: name, aliases: null }))
  if (pathname.endsWith('/options')) return { sd_model_checkpoint: said[0] }
  if (pathname.endsWith('/progress'))
    return {
      progress: 0,
      eta_relative: 0,
      state: { job: said[0], job_count: 0, job_timestamp: '0' },
      textinfo: said.join(' '),
    }
  return { size: 0, tasks: [] }
}

/** Every six characters of what must stay inside, as it is and as it is sent. */
function piecesOf(secrets: readonly string[]): string[] {
  // A bcrypt hash begins with what all of them begin with.
  const all = secrets.map((text) => text.replace(/^\$2b\$\d\d\$/, ''))
  return all.flatMap((text) => Array.from({ length: text.length - 5 }, (_, at) => text.slice(at, at + 6)))
}

async function filesBelow(folder: string): Promise<{ file: string; text: string }[]> {
  const entries = await readdir(folder, {
    recursive: true,
    withFileTypes: true,
  })
  // A file that is being written is there for a moment only.
  const files = entries
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.tmp'))
    .map((entry) => path.join(entry.parentPath, entry.name))
  return Promise.all(
    files.map(async (file) => ({
      file,
      text: (await readFile(file)).toString('latin1'),
    })),
  )
}

const turns = { comfyui: long, forge: {} }
for (const kind of ['comfyui', 'forge'] as const)
  describe(`${kind} that repeats what it was sent`, turns[kind], () => {
    test('gets no piece of a secret into answers, events, logs, the database or the audit log', async () => {
      const id = `echo-${kind}`
      const scheme = kind === 'comfyui' ? 'comfyui-login' : 'basic'
      const made = await running.rest('POST', 'credentials', {
        id,
        scheme,
        username,
        password,
      })
      expect(made.status).toBe(201)
      const pair = Buffer.from(`${username}:${password}`).toString('base64')
      const echo = await startEcho(kind)
      // What exposure test and proof make up is nobody's secret.
      const isOurs = (text: string) => JSON.stringify(made.body).includes(fingerprint(text)) || text.includes(password)
      const answers: { what: string; body: unknown }[] = []
      const ask = async (method: string, at: string, body?: unknown) => {
        const answer = await running.rest(method, at, body)
        answers.push({ what: `${method} ${at}`, body: answer })
        return answer
      }
      try {
        const leaving = new AbortController()
        const watching = (async () => {
          const stream = running.panel.parts.events.subscribe(leaving.signal)
          // As it stands now, for it may change; one with an id is a proxy, which cannot be cloned.
          for await (const event of stream) events.push(JSON.parse(JSON.stringify(event)) as PanelEvent)
        })()
        await ask('POST', 'services', {
          id,
          kind,
          runtime: 'external',
          url: echo.url,
          credentialId: id,
        })
        for (const [manner, words] of [
          ['refuses', 'json'],
          ['refuses', 'text'],
          ['fails', 'json'],
          ['fails', 'text'],
          ['answers', 'json'],
          ['answers', 'validation'],
        ] as const) {
          echo.behave(manner, words)
          await ask('POST', `services/${id}/probe`)
          await ask('GET', `services/${id}/capabilities`)
          await ask('POST', `services/${id}/free-memory`)
          await ask('POST', `services/${id}/start`)
          await ask('POST', `services/${id}/diagnose`)
          await ask('POST', `services/${id}/exposure`)
          await ask('POST', `credentials/${id}/verify`)
          const { body } = await ask('POST', 'generations', {
            serviceId: id,
            params: { prompt: 'a lighthouse' },
          })
          const generation = (body as { id?: string } | null)?.id
          if (generation !== undefined)
            await until('the generation to end', async () => {
              const { body: found } = await ask('GET', `generations/${generation}`)
              return ['failed', 'succeeded', 'cancelled'].includes((found as { state: string }).state)
            })
        }
        for (const at of [
          'services',
          `services/${id}/timeline`,
          'door-tests', // the former name of `exposure`
          'generations',
          'audit',
          `services/${id}/logs`,
        ])
          await ask('GET', at)
        leaving.abort()
        await watching.catch(() => undefined)

        const wrong = piecesOf([
          ...echo
            .sent()
            .filter(isOurs)
            .map((text) => text.replace(`${username}:`, '')),
          pair.slice(Math.ceil(((username.length + 1) * 4) / 3)),
        ])
        if (kind === 'comfyui')
          expect(
            echo
              .sent()
              .filter(isOurs)
              .some((text) => text.startsWith('$2b$')),
          ).toBe(true)
        const places = [
          ...answers.map(({ what, body }) => ({
            file: what,
            text: JSON.stringify(body),
          })),
          ...events.map((event) => ({
            file: `event ${event.type}`,
            text: JSON.stringify(event),
          })),
          ...(await filesBelow(running.dataFolder)),
        ]
        const found = places.flatMap(({ file, text }) => {
          const piece = wrong.find((one) => text.includes(one) || text.includes(encodeURIComponent(one)))
          return piece === undefined
            ? []
            : [`${file}: …${text.slice(Math.max(0, text.indexOf(piece) - 80), text.indexOf(piece) + 20)}`]
        })
        expect(found).toEqual([])
        // The service was indeed quoted, without them.
        expect(JSON.stringify(answers)).toContain('[secret ')
        expect(answers.filter(({ body }) => (body as { status: number }).status === 500)).toEqual([])
      } finally {
        await echo.close()
      }
    }, 60_000)
  })
