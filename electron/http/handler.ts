import { OpenAPIGenerator } from '@orpc/openapi'
import { BodyLimitPlugin, RPCHandler } from '@orpc/server/fetch'
import { ResponseHeadersPlugin } from '@orpc/server/plugins'
import { ZodToJsonSchemaConverter } from '@orpc/zod/zod4'
import * as z from 'zod'
import { contract, Credential, Service } from '../../shared/contract'
import { ProblemData } from '../../shared/contract/base'
import { errorStatus, Problem } from '../../shared/problems'
import { interceptProcedureErrors, interceptRequestErrors } from '../api/errors'
import type { Caller, PanelParts } from '../api/context'
import { router } from '../api/router'
import { bodyKindOf, bodyLimits, limitMiB, type BodyKind } from './limits'
import { createRest } from './rest'
import { createStaticFiles, securityHeaders } from './static-files'

/** The panel's one face, behind both doors. */
export type Handler = (request: Request, caller: Caller) => Promise<Response>

const json = (body: unknown, status = 200, headers: Record<string, string> = {}) =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json', ...headers } })

/** A Problem as a REST answer, for what is refused before any procedure is reached. */
export const problemResponse = (problem: Problem): Response =>
  json(
    {
      defined: true,
      code: problem.code,
      status: errorStatus[problem.code],
      message: problem.message,
      data: { problem: problem.id, params: problem.params, hint: problem.hint },
    },
    errorStatus[problem.code],
    problem.id === 'http.wrong-method' ? { allow: String(problem.params['allowed'] ?? '') } : {},
  )

/** What every refusal carries. */
const ErrorBody = z.object({
  defined: z.boolean(),
  code: z.string(),
  status: z.number().int(),
  message: z.string(),
  data: ProblemData.optional(),
})

const describeApi = (schemaConverters: ZodToJsonSchemaConverter[], version: string) =>
  new OpenAPIGenerator({ schemaConverters }).generate(contract, {
    info: {
      title: 'Regie',
      version,
      description: 'Everything the panel can do. Errors are `{code, message, data: {problem, params, hint}}`.',
    },
    servers: [{ url: '/api/v1' }],
    components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
    security: [{ token: [] }],
    // Once for all: a page that shows the description would else spend minutes on a megabyte of repetitions.
    commonSchemas: { Error: { schema: ErrorBody }, Service: { schema: Service }, Credential: { schema: Credential } },
    customErrorResponseBodySchema: () => ({ $ref: '#/components/schemas/Error' }),
  })

/** Builds the fetch-style handler over the parts of a running panel. */
export function createHandler(options: { parts: PanelParts; rendererFolder: string }): Handler {
  const { parts, rendererFolder } = options
  const files = createStaticFiles(rendererFolder)
  const schemaConverters = [new ZodToJsonSchemaConverter()]
  const rpcOf = (kind: BodyKind) =>
    new RPCHandler(router, {
      interceptors: [interceptRequestErrors(parts, limitMiB(kind))],
      clientInterceptors: [interceptProcedureErrors(parts)],
      plugins: [new BodyLimitPlugin<never>({ maxBodySize: bodyLimits[kind] }), new ResponseHeadersPlugin<never>()],
    })
  const rpc = { data: rpcOf('data'), file: rpcOf('file') }
  const rest = createRest(parts)
  let description: Promise<unknown> | undefined

  const route = async (request: Request, caller: Caller): Promise<Response> => {
    const { pathname } = new URL(request.url)
    if (pathname.startsWith('/rpc/')) {
      const kind = bodyKindOf(pathname.slice('/rpc/'.length))
      const result = await rpc[kind].handle(request, { prefix: '/rpc', context: { parts, caller } })
      if (result.matched) return result.response
    }
    if (pathname === '/api/v1/openapi.json') {
      description ??= describeApi(schemaConverters, parts.version)
      return json(await description)
    }
    if (pathname === '/api/v1/docs') return (await files.apiDocs()) ?? problemResponse(notFound(pathname))
    if (pathname.startsWith('/api/v1/')) return rest(request, caller)
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
