import { randomInt } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { json, text, type Reply } from '../http/reply'
import { header, type Call } from '../http/server'
import type { Handler, Routes } from './handlers'
import { page } from './page'
import type { createQueue } from './queue'
import { detail, missing, unprocessable } from './replies'

/** A body that must be JSON; what it asks of gradio's own machinery is not simulated. */
const wantsBody: Handler = async (call) =>
  (await call.body()).length === 0 ? unprocessable([missing('body')]) : detail(404, 'Not simulated')

const plain = (type: string, body = ''): Reply => ({ status: 200, headers: { 'content-type': type }, body })

/** Files of gradio: those of its outputs, and its own pages. */
function file(call: Call, folder: string): Reply {
  const asked = call.path.slice('/file='.length)
  if (asked === 'html/licenses.html') return plain('text/html; charset=utf-8', '<style>#licenses h2 {}</style>')
  const base = path.join(folder, 'outputs')
  const found = path.resolve(base, asked)
  const relative = path.relative(base, found)
  if (relative.startsWith('..') || path.isAbsolute(relative)) return detail(403, `File not allowed: ${asked}.`)
  if (!existsSync(found)) return detail(404, `File not found: ${asked}.`)
  return { status: 200, headers: { 'content-type': 'application/octet-stream' }, body: readFileSync(found) }
}

const logo = '<svg width="576" height="576" viewBox="0 0 576 576" fill="none" xmlns="http://www.w3.org/2000/svg"></svg>'

/** Where the page finds the program: under the name that a proxy gives, else as it was asked (gradio/route_utils.py). */
function rootOf(call: Call): string {
  const host = header(call, 'x-forwarded-host') ?? header(call, 'host') ?? ''
  return `${header(call, 'x-forwarded-proto') === 'https' ? 'https' : 'http'}://${host}`
}

/** Of whom the line is told where nobody has a place in it. */
const nobody = { event_id: null, rank: null, rank_eta: null }

interface GradioOptions {
  folder: string
  queue: ReturnType<typeof createQueue>
}

/** Gradio 4.40's own routes around the program's pages (gradio/routes.py), as far as a client can meet them. */
export function gradioRoutes({ folder, queue }: GradioOptions): Routes {
  const appId = randomInt(2 ** 47)
  const config: Handler = (call) =>
    json({
      version: '4.40.0',
      root: rootOf(call),
      mode: 'blocks',
      title: 'Stable Diffusion',
      is_space: false,
      app_id: appId,
      ...page,
    })
  const info: Handler = () => json({ named_endpoints: {}, unnamed_endpoints: {} })
  return new Map<string, Partial<Record<'GET' | 'POST', Handler>>>([
    ['/config', { GET: config }],
    ['/config/', { GET: config }],
    ['/info', { GET: info }],
    ['/info/', { GET: info }],
    ['/queue/status', { GET: () => json({ ...nobody, msg: 'estimation', queue_size: queue.waiting() }) }],
    ['/queue/join', { POST: queue.join }],
    ['/queue/data', { GET: queue.data }],
    ['/cancel', { POST: queue.cancel }],
    ['/run/*', { POST: wantsBody }],
    ['/api/*', { POST: wantsBody }],
    // The stream of an event that nobody has begun breaks off.
    ['/call/*', { GET: () => ({ ...plain('text/event-stream', 'event: error\ndata: null'), breaksOff: true }) }],
    ['/upload', { POST: () => detail(400, 'Invalid content type.') }],
    ['/component_server', { POST: () => detail(400, 'Invalid JSON body.') }],
    ['/monitoring', { GET: () => json('See console for monitoring URL.') }],
    ['/proxy=*', { GET: () => detail(400, 'This URL cannot be proxied.') }],
    ['/file=*', { GET: (call) => file(call, folder) }],
    ['/token', { GET: () => json({ token: null, user: null }) }],
    ['/user', { GET: () => json(null) }],
    ['/app_id', { GET: () => json({ app_id: appId }) }],
    ['/theme.css', { GET: () => plain('text/css') }],
    ['/robots.txt', { GET: () => text(200, 'User-agent: *\nDisallow: /') }],
    ['/favicon.ico', { GET: () => plain('image/x-icon') }],
    ['/startup-events', { GET: () => json(true) }],
    ['/heartbeat/*', { GET: () => plain('text/event-stream') }],
    ['/static/img/logo.svg', { GET: () => plain('image/svg+xml', logo) }],
  ])
}
