import { empty, type Reply } from '../http/reply'
import { header, type Call } from '../http/server'

const hostOf = (value: string) => value.replace(/^[a-z]+:\/\//i, '').toLowerCase()

const isLoopback = (host: string) => {
  const name = host.replace(/:\d+$/, '').replace(/^\[|\]$/g, '')
  return name === 'localhost' || name === '::1' || /^127\./.test(name)
}

/**
 * ComfyUI's own middleware, ahead of everything: a foreign origin on a loopback address is refused with an empty 403,
 * OPTIONS included, unless CORS is enabled; else OPTIONS always answers (server.py, `create_origin_only_middleware`).
 */
export function ownMiddleware(call: Call, cors: string | null): Reply | null {
  if (cors === null) {
    const host = (header(call, 'host') ?? '').toLowerCase()
    const origin = header(call, 'origin')
    if (origin !== null && origin !== 'null' && isLoopback(host) && hostOf(origin) !== host) return empty(403)
  }
  return call.method === 'OPTIONS' ? empty(200) : null
}

/** Headers that `--enable-cors-header` adds to every answer. */
export const corsHeaders = (cors: string | null): Record<string, string> =>
  cors === null
    ? {}
    : {
        'access-control-allow-origin': cors,
        'access-control-allow-methods': 'POST, GET, DELETE, PUT, OPTIONS, PATCH',
        'access-control-allow-headers': 'Content-Type, Authorization',
        'access-control-allow-credentials': 'true',
      }
