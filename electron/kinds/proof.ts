import type { IncomingHttpHeaders } from 'node:http'
import { answerTo, askFor, askSocket, readForm, signIn } from './ask'
import type { Sessions, Surface } from './backend'
import { authorization, type KindScheme } from './client'
import type { SurfaceRow } from './surfaces'

/** The surfaces of a table that a credential protects, for proving it: none → refused, wrong → refused, right → let in. */
export const provedSurfaces = (scheme: KindScheme, rows: readonly SurfaceRow[]): Surface[] =>
  rows.flatMap(({ method, path, json, proof }) => {
    if (!proof || method === 'HEAD') return []
    const { purpose, applies, expect, ask } = proof
    const body = json === undefined ? {} : { body: { type: 'application/json', content: json } }
    return {
      surface: `${method} ${path}`,
      purpose,
      expect: { none: 401, wrong: 401, right: method === 'WS' ? 101 : 200, ...expect },
      ...(applies ? { applies } : {}),
      ask:
        ask ??
        ((url, secret, signal) => {
          const header = authorization(scheme, secret)
          return method === 'WS'
            ? askSocket(url, { path, authorization: header }, signal)
            : askFor(url, { method, path, authorization: header, ...body }, signal)
        }),
    }
  })

/** The cookies of an answer whose names match, as they are sent back. */
function cookiesIn(headers: IncomingHttpHeaders, names: RegExp): string {
  const pairs = (headers['set-cookie'] ?? []).map((line) => line.split(';')[0] ?? '')
  return pairs.filter((pair) => names.test(pair)).join('; ')
}

/** The sessions of a sign-in page. `path` is asked with the cookies of these names. */
export function sessionsOfForm({
  path,
  names,
  ...about
}: { path: string; names: RegExp } & Pick<Sessions, 'madeUp' | 'endedBy' | 'provenBy'>): Sessions {
  return {
    ...about,
    surface: `GET ${path} (cookie)`,
    expect: { none: 401, wrong: 401, right: 200 },
    async open(url, secret, signal) {
      const question = signIn(secret)
      const answer = await answerTo(url, question, signal)
      const read = readForm(answer, url + question.path)
      // A page that the form leads back to may carry an empty session.
      const cookie = read.refused || read.status >= 400 ? '' : cookiesIn(answer.headers, names)
      return cookie === '' ? read : { cookie }
    },
    ask: (url, cookie, signal) => askFor(url, { path, cookie }, signal),
  }
}
