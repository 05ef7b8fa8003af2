import { kinds } from '../../../shared/kinds'
import { Problem } from '../../../shared/problems'
import { callFor, isTurnedAway, type BackendClient, type Call, type Question } from '../client'

const optionsPath = '/sdapi/v1/options'

/** Whether a page of gradio is there, open or behind its sign-in. */
async function isGradio(client: BackendClient, question: Question): Promise<boolean> {
  const answer = await client.call(callFor('gradio-config', question))
  if (answer.status !== 200) return answer.status === 401
  return client.pick('gradio-config', question, answer.body).then(
    () => true,
    (error: unknown) => {
      if (error instanceof Problem) return false
      throw error
    },
  )
}

/** What a 404 of a WebUI means. `settling`: just after a start it may mean nothing yet. */
export interface NotFound {
  problem: Problem
  settling: boolean
}

type Asked = Pick<Call, 'method' | 'path' | 'credential' | 'timeoutMs' | 'signal'>

/** Only the status counts. */
const statusAlone = { kind: 'probe', take: { 200: 'nothing' } } as const

const unexpected = ({ kind }: BackendClient, { method = 'GET', path }: Asked) =>
  new Problem('backend.unexpected-answer', { asked: `${method} ${path}`, kind: kinds[kind].name, detail: '404' })

/**
 * Tells the 404s apart by what else answers. Routes of extensions are added last, whatever the flags: where they are and
 * the API is not, it is off. Where only `/internal/*` is, the thread that adds them has not come so far, or has died (a
 * broken `--api-auth`). Where there is neither, a page of gradio tells a WebUI that has just begun, or an old one.
 */
export async function whyNotFound(client: BackendClient, asked: Asked): Promise<NotFound> {
  const { url } = client
  const question = (path: string): Question => ({
    path,
    signal: asked.signal,
    ...(asked.credential === undefined ? {} : { credential: asked.credential }),
    ...(asked.timeoutMs === undefined ? {} : { timeoutMs: asked.timeoutMs }),
  })
  const ask = ({ path }: Pick<Call, 'path'>) => client.call({ ...question(path), ...statusAlone })
  if (asked.path !== optionsPath && (await ask({ path: optionsPath })).status !== 404)
    return { problem: unexpected(client, asked), settling: false }
  const [extension, ping, config] = await Promise.all([
    ask({ path: '/sdapi/v1/loras' }),
    ask({ path: '/internal/ping' }),
    isGradio(client, question('/config')),
  ])
  if (extension.status === 200) return { problem: new Problem('backend.api-off', { url }), settling: false }
  if (ping.status === 200) return { problem: new Problem('backend.api-missing', { url }), settling: true }
  if (config) return { problem: new Problem('backend.api-off', { url }), settling: true }
  const root = await atRoot(client, asked)
  if (root !== null) return { problem: new Problem('backend.below-root', { url, root }), settling: false }
  return { problem: unexpected(client, asked), settling: false }
}

/**
 * The address without its path, where a WebUI answers there: `--subpath` is for a proxy that takes the path away, and the
 * program itself knows nothing below it. Asked without the credential.
 */
async function atRoot(client: BackendClient, { signal, timeoutMs }: Asked): Promise<string | null> {
  const { url } = client
  const { origin, pathname } = new URL(url)
  if (pathname === '/' || pathname === '') return null
  // An address is read with its dots, so that these lead up to the root.
  const up = pathname
    .split('/')
    .filter((part) => part !== '')
    .map(() => '/..')
    .join('')
  const path = `${up}${optionsPath}`
  const answer = await client.call({
    ...statusAlone,
    path,
    credential: false,
    signal,
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
  })
  const isThere = answer.status === 200 || isTurnedAway(answer, url, { path })
  return isThere ? origin : null
}
