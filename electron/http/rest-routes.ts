import { procedures } from '../../shared/contract'
import { Problem } from '../../shared/problems'
import { escapeRegExp } from '../../shared/regexp'

const patternOf = (path: string) =>
  new RegExp(
    `^${path
      .split(/\{\w+\}/)
      .map(escapeRegExp)
      .join('[^/]+')}$`,
  )

const withPatterns = () => procedures().map((one) => ({ ...one, pattern: patternOf(one.path) }))
let routes: ReturnType<typeof withPatterns> | undefined

/** Whether the request says that something follows its head. */
export const hasBody = (headers: Headers): boolean =>
  headers.has('transfer-encoding') || (headers.get('content-length') ?? '0') !== '0'

const mediaTypeOf = (headers: Headers): string =>
  (headers.get('content-type') ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? ''

export type RestKind = 'query' | 'body' | 'file'

/**
 * What a request to the REST API is, by its method, path below the prefix, and headers: whether its input stands in the
 * query or the body, and whether that body is a form with a file. Throws a Problem for a path or method that is not in
 * the contract, an address that is not percent-encoded text, and a body of another type than the API reads.
 */
export function restRequest(method: string, path: string, headers: Headers): RestKind {
  try {
    decodeURIComponent(path)
  } catch {
    throw new Problem('input.invalid', { issues: 'the address is not valid percent-encoding' })
  }
  const plain = path.replace(/\/$/, '')
  routes ??= withPatterns()
  const there = routes.filter(({ pattern }) => pattern.test(plain))
  if (there.length === 0) throw new Problem('http.not-found', { path: `/api/v1${path}`.slice(0, 200) })
  const route = there.find((one) => one.method === (method === 'HEAD' ? 'GET' : method))
  if (!route) throw new Problem('http.wrong-method', { method: method.slice(0, 20), allowed: allowed(there, plain) })
  if (route.method === 'GET') return 'query'
  const type = mediaTypeOf(headers)
  if (type === 'multipart/form-data' && route.takesFile()) return 'file'
  // A body without a type is taken for JSON, as before: what it is shows when it is read.
  const isJson = (type === '' || type === 'application/json') && !headers.has('content-disposition')
  if (hasBody(headers) && !isJson)
    throw new Problem('http.wrong-media-type', {
      type: type.slice(0, 100),
      wanted: route.takesFile() ? 'multipart/form-data' : 'application/json',
    })
  return 'body'
}

/** What is allowed at a path: of `/services/start-all` that alone, although a service might be called so. */
const allowed = (there: readonly { method: string; path: string }[], path: string): string => {
  const exactly = there.filter((route) => route.path === path)
  const told = exactly.length > 0 ? exactly : there
  return [...new Set(told.flatMap(({ method }) => (method === 'GET' ? ['GET', 'HEAD'] : [method])))].sort().join(', ')
}
