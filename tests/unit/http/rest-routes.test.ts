import { describe, expect, it } from 'vitest'
import { restRequest } from '../../../electron/http/rest-routes'
import type { Problem } from '../../../shared/problems'

const ask = (method: string, path: string, headers: Record<string, string> = {}) => {
  try {
    return restRequest(method, path, new Headers(headers))
  } catch (error) {
    const { id, params } = error as Problem // it throws nothing else
    return [id, params['allowed'] ?? params['wanted']].filter((part) => part !== undefined).join(' ')
  }
}
const body = { 'content-length': '2' }

describe('a request to the REST API', () => {
  it.each<[string, string, Record<string, string>, string]>([
    ['GET', '/services', {}, 'query'],
    ['HEAD', '/services', {}, 'query'],
    ['GET', '/services/', {}, 'query'],
    ['POST', '/services/one/start', {}, 'body'],
    ['POST', '/services', { ...body, 'content-type': 'application/json; charset=utf-8' }, 'body'],
    ['POST', '/services', body, 'body'],
    ['POST', '/services', { ...body, 'content-type': 'text/plain' }, 'http.wrong-media-type application/json'],
    [
      'POST',
      '/services',
      { 'transfer-encoding': 'chunked', 'content-type': 'a/b' },
      'http.wrong-media-type application/json',
    ],
    ['POST', '/vault/import', { ...body, 'content-type': 'multipart/form-data; boundary=x' }, 'file'],
    ['POST', '/services', { ...body, 'content-type': 'multipart/form-data' }, 'http.wrong-media-type application/json'],
    ['POST', '/vault/import', { ...body, 'content-type': 'text/plain' }, 'http.wrong-media-type multipart/form-data'],
    ['PUT', '/services', {}, 'http.wrong-method GET, HEAD, POST'],
    ['GET', '/service', {}, 'http.not-found'],
    ['GET', '/services/one/two/three', {}, 'http.not-found'],
    ['GET', '/services/%zz', {}, 'input.invalid'],
  ])('%s %s %j is %s', (method, path, headers, expected) => {
    expect(ask(method, path, headers)).toBe(expected)
  })
})
