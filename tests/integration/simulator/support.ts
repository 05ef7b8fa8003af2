import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { onTestFinished } from 'vitest'
import { WebSocket } from 'ws'
import type { Behaviour } from '../../../electron/simulator/behaviour'
import { startComfyuiSimulator, type ComfyuiOptions } from '../../../electron/simulator/comfyui'
import { startForgeSimulator, type Account, type ForgeOptions } from '../../../electron/simulator/forge'

/** No waiting and no previews: what most tests want. */
export const instant: Partial<Behaviour> = { stepMs: 0, loadMs: 0, preview: 'none' }

export const token = '$2b$04$abcdefghijklmnopqrstuuJ0Tt5WvB0V7aZ0u8zVtqV5Qq1N6yHkq'

/** A folder that disappears after the test. */
export function folder(files: Record<string, string> = {}): string {
  const made = mkdtempSync(path.join(os.tmpdir(), 'regie-simulator-'))
  onTestFinished(() => rm(made, { recursive: true, force: true, maxRetries: 3 }))
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(made, name)), { recursive: true })
    writeFileSync(path.join(made, name), content)
  }
  return made
}

/** A simulated ComfyUI that closes after the test; without ComfyUI-Login unless a PASSWORD is given. */
export async function comfyui(options: Partial<ComfyuiOptions> & { password?: string } = {}) {
  const { password, ...rest } = options
  const simulator = await startComfyuiSimulator({
    folder: rest.folder ?? folder(password === undefined ? {} : { 'login/PASSWORD': password }),
    withoutLogin: password === undefined && rest.folder === undefined,
    ...rest,
    behaviour: { ...instant, ...rest.behaviour },
  })
  onTestFinished(() => simulator.close())
  return simulator
}

export const account = { username: 'regie', password: 's3cret-word' }

/** A simulated Forge that closes after the test; an account of null leaves it to `.env`. */
export async function forge(options: Partial<Omit<ForgeOptions, 'account'>> & { account?: Account | null } = {}) {
  const { account: given = account, ...rest } = options
  const simulator = await startForgeSimulator({
    folder: options.folder ?? folder(),
    protect: 'none',
    ...(given === null ? {} : { account: given }),
    ...rest,
    behaviour: { ...instant, ...options.behaviour },
  })
  onTestFinished(() => simulator.close())
  return simulator
}

export interface Answer {
  status: number
  headers: Headers
  text: string
  /** The body as JSON, or null when it is none. */
  json: unknown
}

/** One request, redirects not followed. A body that is no text is sent as JSON. */
export async function ask(
  url: string,
  init: { method?: string; headers?: Record<string, string>; body?: unknown } = {},
): Promise<Answer> {
  const { method = init.body === undefined ? 'GET' : 'POST', headers = {}, body } = init
  const sent = body === undefined || typeof body === 'string' || body instanceof FormData ? body : JSON.stringify(body)
  const type: Record<string, string> =
    typeof sent === 'string' && typeof body !== 'string' ? { 'content-type': 'application/json' } : {}
  const response = await fetch(url, {
    method,
    redirect: 'manual',
    headers: { ...type, ...headers },
    ...(sent === undefined ? {} : { body: sent }),
  })
  const text = await response.text()
  let json: unknown = null
  try {
    json = JSON.parse(text)
  } catch {
    // not every answer is JSON
  }
  return { status: response.status, headers: response.headers, text, json }
}

/** A submitted form. */
export const form = (fields: Record<string, string>) => ({
  method: 'POST',
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
  body: new URLSearchParams(fields).toString(),
})

/** First cookie of an answer, as a client sends it back. */
export const cookieOf = (answer: Answer) => (answer.headers.getSetCookie()[0] ?? '').split(';')[0] ?? ''

/** Status of a WebSocket handshake: 101 when it opens. */
export function handshake(url: string, headers: Record<string, string> = {}): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url.replace('http', 'ws'), { headers })
    socket.on('open', () => {
      socket.terminate()
      resolve(101)
    })
    socket.on('unexpected-response', (_request, response) => {
      response.resume()
      socket.terminate()
      resolve(response.statusCode ?? 0)
    })
    socket.on('error', (error) => {
      if (!/before the connection was established/.test(error.message)) reject(error)
    })
  })
}

export type Message = { type: string; data: Record<string, unknown> } | { type: 'binary'; bytes: Buffer }

/** A client of ComfyUI's WebSocket that keeps every message. */
export async function connect(url: string, clientId: string, flags?: Record<string, unknown>) {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/ws?clientId=${clientId}`)
  const messages: Message[] = []
  const waiting = new Set<() => void>()
  socket.on('message', (data, isBinary) => {
    const bytes = data as Buffer // ws hands one message over as one Buffer
    // What the server sends is its own JSON envelope.
    messages.push(isBinary ? { type: 'binary', bytes } : (JSON.parse(bytes.toString('utf8')) as Message))
    for (const wake of waiting) wake()
  })
  const closed = new Promise<void>((resolve) => socket.on('close', () => resolve()))
  socket.on('error', () => undefined) // `closed` tells
  onTestFinished(() => socket.terminate())

  /** Resolves with the first message that fits, sent or still to come. */
  const receive = (fits: (message: Message) => boolean) =>
    new Promise<Message>((resolve) => {
      const look = () => {
        const found = messages.find(fits)
        if (!found) return
        waiting.delete(look)
        resolve(found)
      }
      waiting.add(look)
      look()
    })
  await receive((message) => message.type === 'status')
  if (flags) {
    socket.send(JSON.stringify({ type: 'feature_flags', data: flags }))
    await receive((message) => message.type === 'feature_flags')
  }
  return {
    socket,
    messages,
    closed,
    receive,
    /** Waits until the worker has closed a prompt. */
    settled: (promptId: string) =>
      receive(
        (m) => 'data' in m && m.type === 'executing' && m.data['node'] === null && m.data['prompt_id'] === promptId,
      ),
    /** The story so far, one short line a message; other clients' and queue frames included. */
    story: () =>
      messages.map((message) => {
        if (!('data' in message)) return `binary ${message.bytes.readUInt32BE(0)}`
        const { type, data } = message
        if (type === 'status') {
          const { exec_info } = data['status'] as { exec_info: { queue_remaining: number } } // the server's own shape
          return `status ${exec_info.queue_remaining}`
        }
        if (type === 'progress_state') {
          const nodes = Object.values(
            data['nodes'] as Record<string, { node_id: string; state: string; value: number }>,
          )
          const last = nodes.at(-1)
          return `progress_state ${last?.node_id ?? ''} ${last?.state ?? ''}`
        }
        if (type === 'progress') return `progress ${String(data['value'])}/${String(data['max'])}`
        if (type === 'execution_cached') return `cached ${JSON.stringify(data['nodes'])}`
        return `node` in data ? `${type} ${String(data['node'])}` : type
      }),
  }
}

/** A model-free graph: a flat picture, saved. */
export const smoke = (color = 3368601, prefix = 'smoke/check') => ({
  '1': { class_type: 'EmptyImage', inputs: { width: 64, height: 64, batch_size: 1, color } },
  '2': { class_type: 'SaveImage', inputs: { images: ['1', 0], filename_prefix: prefix } },
})

/** A small checkpoint graph with a sampler. */
export const sdxl = (seed = 42, steps = 4) => ({
  '1': { class_type: 'CheckpointLoaderSimple', inputs: { ckpt_name: 'sd_xl_turbo_1.0_fp16.safetensors' } },
  '2': { class_type: 'CLIPTextEncode', inputs: { clip: ['1', 1], text: 'a red fox in snow' } },
  '3': { class_type: 'CLIPTextEncode', inputs: { clip: ['1', 1], text: '' } },
  '4': { class_type: 'EmptyLatentImage', inputs: { width: 64, height: 64, batch_size: 1 } },
  '5': {
    class_type: 'KSampler',
    inputs: {
      model: ['1', 0],
      seed,
      steps,
      cfg: 1,
      sampler_name: 'euler',
      scheduler: 'simple',
      positive: ['2', 0],
      negative: ['3', 0],
      latent_image: ['4', 0],
      denoise: 1,
    },
  },
  '6': { class_type: 'VAEDecode', inputs: { samples: ['5', 0], vae: ['1', 2] } },
  '7': { class_type: 'SaveImage', inputs: { images: ['6', 0], filename_prefix: 'sdxl/img' } },
})

export interface Generated {
  images: string[]
  parameters: Record<string, unknown>
  info: string
}

interface Progress {
  progress: number
  eta_relative: number
  state: {
    job: string
    job_count: number
    job_no: number
    sampling_step: number
    sampling_steps: number
    interrupted: boolean
  }
  current_image: string | null
  textinfo: null
}

export const small = {
  prompt: 'a lake',
  seed: 7,
  steps: 2,
  cfg_scale: 1,
  width: 64,
  height: 64,
  sampler_name: 'Euler a',
}

export const post = (url: string, name: string, body?: unknown) =>
  ask(`${url}/sdapi/v1/${name}`, body === undefined ? { method: 'POST' } : { body })

export async function generate(url: string, more: Record<string, unknown> = {}) {
  const answer = await post(url, 'txt2img', { ...small, ...more })
  const generated = answer.json as Generated
  return { answer, generated, info: JSON.parse(generated.info) as Record<string, unknown> & { infotexts: string[] } }
}

export const progress = async (url: string, query = '') =>
  (await ask(`${url}/sdapi/v1/progress${query}`)).json as Progress

export const bytesOf = (base64 = '') => Buffer.from(base64, 'base64')
