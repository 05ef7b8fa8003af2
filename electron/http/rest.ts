import { SmartCoercionPlugin } from '@orpc/json-schema'
import { OpenAPIHandler } from '@orpc/openapi/fetch'
import { BodyLimitPlugin } from '@orpc/server/fetch'
import { ResponseHeadersPlugin } from '@orpc/server/plugins'
import { ZodToJsonSchemaConverter } from '@orpc/zod/zod4'
import { Problem } from '../../shared/problems'
import type { ApiContext, Caller, PanelParts } from '../api/context'
import { interceptProcedureErrors, interceptRequestErrors } from '../api/errors'
import { router } from '../api/router'
import { conditional } from './conditional'
import { bodyLimits, limitMiB } from './limits'
import { hasBody, restRequest, type RestKind } from './rest-routes'

const prefix = '/api/v1'

const isObject = (value: unknown) => typeof value === 'object' && value !== null && !Array.isArray(value)

/** What stands in the body. Throws `input.invalid` where a form is none, as its reader throws a TypeError then. */
async function readBody(request: { body(): Promise<unknown> }): Promise<unknown> {
  try {
    return await request.body()
  } catch (error) {
    if (error instanceof TypeError) throw new Problem('input.invalid', { issues: 'the body is not the form it says' })
    throw error
  }
}

/** What is said of a body that is not there would be believed. */
function withoutType(request: Request): Request {
  const headers = new Headers(request.headers)
  for (const name of ['content-type', 'content-disposition']) headers.delete(name)
  return new Request(request, { headers })
}

/** A body is an object or nothing: oRPC would leave anything else out where the path has parameters. */
async function refuseOtherBodies<T>({
  request,
  next,
}: {
  request: { body(): Promise<unknown> }
  next: () => Promise<T>
}): Promise<T> {
  const body = await readBody(request)
  if (body !== undefined && !isObject(body))
    throw new Problem('input.invalid', { issues: 'the body must be a JSON object' })
  return next()
}

function handlerOf(parts: PanelParts, kind: RestKind): OpenAPIHandler<ApiContext> {
  const body = kind === 'file' ? 'file' : 'data'
  return new OpenAPIHandler(router, {
    interceptors: [interceptRequestErrors(parts, limitMiB(body)), ...(kind === 'query' ? [] : [refuseOtherBodies])],
    clientInterceptors: [interceptProcedureErrors(parts)],
    rootInterceptors: [
      async (asked) => {
        const result = await asked.next()
        return result.matched ? { ...result, response: conditional(asked.request.headers, result.response) } : result
      },
    ],
    plugins: [
      new BodyLimitPlugin<ApiContext>({ maxBodySize: bodyLimits[body] }),
      new ResponseHeadersPlugin<ApiContext>(),
      // A query has only text. JSON has types of its own, and what is of another one is refused.
      ...(kind === 'query' ? [new SmartCoercionPlugin({ schemaConverters: [new ZodToJsonSchemaConverter()] })] : []),
    ],
  })
}

/**
 * The REST API, strict towards scripts: what is not in the contract is refused by its own status and by name. Throws a
 * Problem for what reaches no procedure.
 */
export function createRest(parts: PanelParts): (request: Request, caller: Caller) => Promise<Response> {
  // Each is made when it is asked first: most starts see no file, and pages of their own ask over RPC.
  const handlers: Partial<Record<RestKind, OpenAPIHandler<ApiContext>>> = {}
  return async (request, caller) => {
    const { pathname } = new URL(request.url)
    const kind = restRequest(request.method, pathname.slice(prefix.length), request.headers)
    const isHead = request.method === 'HEAD'
    const plain = hasBody(request.headers) ? request : withoutType(request)
    const asked = isHead ? new Request(plain, { method: 'GET' }) : plain
    const handler = (handlers[kind] ??= handlerOf(parts, kind))
    const result = await handler.handle(asked, { prefix, context: { parts, caller, strict: true } })
    if (!result.matched) throw new Problem('http.not-found', { path: pathname.slice(0, 200) })
    if (!isHead) return result.response
    await result.response.body?.cancel()
    return new Response(null, result.response)
  }
}
