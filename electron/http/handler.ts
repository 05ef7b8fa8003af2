import { BodyLimitPlugin, RPCHandler } from '@orpc/server/fetch'
import { ResponseHeadersPlugin } from '@orpc/server/plugins'
import { Problem } from '../../shared/problems'
import { interceptProcedureErrors, interceptRequestErrors } from '../api/errors'
import type { Caller, PanelParts } from '../api/context'
import { router } from '../api/router'
import { answerMetrics } from './metrics'
import { bodyKindOf, bodyLimits, limitMiB, type BodyKind } from './limits'
import { describeApi } from './openapi'
import { problemResponse } from './refusals'
import { createRest } from './rest'
import { securityHeaders } from '../access/security-headers'
import { createStaticFiles } from './static-files'

/** The panel's one face, behind both doors. */
export type Handler = (request: Request, caller: Caller) => Promise<Response>

/** Builds the fetch-style handler over the parts of a running panel. */
export function createHandler(options: { parts: PanelParts; rendererFolder: string }): Handler {
  const { parts, rendererFolder } = options
  const files = createStaticFiles(rendererFolder)
  const rpcOf = (kind: BodyKind) =>
    new RPCHandler(router, {
      interceptors: [interceptRequestErrors(parts, limitMiB(kind))],
      clientInterceptors: [interceptProcedureErrors(parts)],
      plugins: [new BodyLimitPlugin<never>({ maxBodySize: bodyLimits[kind] }), new ResponseHeadersPlugin<never>()],
    })
  const rpc: Partial<Record<BodyKind, ReturnType<typeof rpcOf>>> = {}
  const rest = createRest(parts)
  let description: Promise<unknown> | undefined

  const route = async (request: Request, caller: Caller): Promise<Response> => {
    const { pathname } = new URL(request.url)
    if (pathname.startsWith('/rpc/')) {
      const kind = bodyKindOf(pathname.slice('/rpc/'.length))
      const handler = (rpc[kind] ??= rpcOf(kind))
      const result = await handler.handle(request, { prefix: '/rpc', context: { parts, caller } })
      if (result.matched) return result.response
    }
    if (pathname === '/api/v1/openapi.json') {
      description ??= describeApi(parts.version)
      return Response.json(await description)
    }
    if (pathname === '/docs' || pathname.startsWith('/docs/'))
      return (await files.docs()) ?? problemResponse(notFound(pathname))
    if (pathname === '/api/v1/docs') return (await files.apiDocs()) ?? problemResponse(notFound(pathname))
    if (pathname.startsWith('/api/v1/')) return rest(request, caller)
    if (pathname === '/metrics') return answerMetrics(request, { parts, caller })
    if (request.method === 'GET' || request.method === 'HEAD') {
      const file = pathname === '/' ? await files.index() : await files.get(pathname)
      if (file) return file
    }
    return problemResponse(notFound(pathname))
  }

  return async (request, caller) => {
    const response = await route(request, caller).catch((error: unknown) => {
      if (error instanceof Problem) return problemResponse(error)
      throw error
    })
    for (const [name, value] of Object.entries(securityHeaders)) response.headers.set(name, value)
    if (!response.headers.has('cache-control')) response.headers.set('cache-control', 'no-store')
    return response
  }
}

const notFound = (pathname: string) => new Problem('http.not-found', { path: pathname.slice(0, 200) })
