import { createORPCClient } from '@orpc/client'
import { RPCLink } from '@orpc/client/fetch'
import type { ContractRouterClient } from '@orpc/contract'
import { ResponseValidationPlugin } from '@orpc/contract/plugins'
import { Agent } from 'undici'
import { version } from '../../package.json'
import { contract, SignedIn, type Contract } from '../../shared/contract'
import { CommandFailure, connectionCode, exits, problemOf } from './exits'
import type { Target } from './target'

export type Client = ContractRouterClient<Contract>

/** A panel that knows who asks. */
export interface Panel {
  url: string
  client: Client
  /** Reads below `/api/v1`, for what is better had in pieces. Throws a CommandFailure unless it is answered with 200. */
  read(path: string, signal: AbortSignal): Promise<ReadableStream<Uint8Array>>
  /** Ends the session that was opened, if one was, and every connection. Never rejects. */
  close(): Promise<void>
}

/** So long a connection may take to open, in ms. An answer may take as long as a model takes to load. */
const connectMs = 10_000

/** So often a link is read that another command has just used. */
const mostLinks = 5

const agentName = `regie-cli/${version}`

/** The panel's answers say of themselves what they are; a proxy's or another program's page does not. */
function checkAnswer(response: Response, url: string): Response {
  const type = response.headers.get('content-type') ?? ''
  const isOwn =
    response.body === null ||
    /^(?:application\/json|text\/(?:event-stream|csv)|multipart\/form-data|image\/|video\/)/.test(type)
  if (!isOwn || (response.status >= 300 && response.status < 400))
    throw new CommandFailure(exits.unreachable, 'failure.notRegie', { url, status: response.status })
  return response
}

/** Asks over connections of its own. */
type Fetch = (input: Request | string, init?: RequestInit) => Promise<Response>

interface Connections {
  fetch: Fetch
  /** Ends all of them. */
  end: () => Promise<void>
}

/** Asks with the certificates that were named, never without looking at the panel's, and follows nobody elsewhere. */
function openConnections({ url, ca }: Pick<Target, 'url' | 'ca'>): Connections {
  const agent = new Agent({
    // Said here, it outranks NODE_TLS_REJECT_UNAUTHORIZED in the environment.
    connect: { timeout: connectMs, rejectUnauthorized: true, ...(ca === null ? {} : { ca }) },
    headersTimeout: 0,
    bodyTimeout: 0,
  })
  // Node's own fetch takes it; its types know no dispatcher.
  const own: RequestInit & { dispatcher: Agent } = { redirect: 'manual', dispatcher: agent }
  return {
    fetch: async (input, init = {}) => checkAnswer(await fetch(input, { ...init, ...own }), url),
    end: () => agent.destroy(),
  }
}

interface Opened {
  headers: Record<string, string>
  hasSession: boolean
}

/** Signs in with a link that works once. Throws a CommandFailure where there is none, or where others are faster. */
async function signIn({ url, linkToken }: Target, { fetch: ask }: Connections): Promise<Opened> {
  for (let tries = 0; tries < mostLinks; tries++) {
    const token = await linkToken()
    if (token === null) break
    const answer = await ask(`${url}/api/v1/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'user-agent': agentName },
      body: JSON.stringify({ token }),
    })
    const body: unknown = await answer.json()
    const signedIn = SignedIn.safeParse(body).data
    const [cookie = ''] = answer.headers.getSetCookie().map((set) => set.split(';', 1)[0] ?? '')
    const [pageKey = ''] = (signedIn?.pageKey ?? '').split('.', 1)
    // Used by another command meanwhile: the panel has written the next one.
    if (!answer.ok || cookie === '' || pageKey === '') continue
    return { headers: { cookie, 'x-regie-page': pageKey }, hasSession: true }
  }
  throw new CommandFailure(exits.unreachable, 'failure.noKeyHere', { url })
}

/** Asks for a password; null where nobody gives one. */
export type AskPassword = () => Promise<string | null>

/** Opens a panel for whoever the target says. Throws a CommandFailure. */
export async function openPanel(target: Target, askPassword: AskPassword): Promise<Panel> {
  const { url, key } = target
  const connections = openConnections(target)
  try {
    const own =
      key === null
        ? await signIn(target, connections)
        : { headers: { authorization: `Bearer ${key}` }, hasSession: false }
    return panelOf({ url, connections }, own, askPassword)
  } catch (error) {
    await connections.end()
    throw error
  }
}

interface Connected {
  url: string
  connections: Connections
}

function panelOf(
  { url, connections }: Connected,
  { headers: own, hasSession }: Opened,
  askPassword: AskPassword,
): Panel {
  const headers = { ...own, 'user-agent': agentName }

  /** A session that must show again who it is asks for the password, and the call is repeated. A key never can. */
  async function withProof<T>({ next, path }: { next: () => Promise<T>; path: readonly string[] }): Promise<T> {
    try {
      return await next()
    } catch (error) {
      const isAsked = hasSession && problemOf(error)?.problem === 'session.reauth-required'
      const password = isAsked && path[0] !== 'session' ? await askPassword() : null
      if (password === null) throw error
      await client.session.prove({ password })
      return next()
    }
  }

  const client: Client = createORPCClient(
    new RPCLink({
      url: `${url}/rpc`,
      headers,
      fetch: (request, init) => connections.fetch(request, init),
      interceptors: [withProof],
      // What another version answers is not taken for what this one knows.
      plugins: [new ResponseValidationPlugin(contract)],
    }),
  )
  return {
    url,
    client,
    async read(path, signal) {
      const response = await connections.fetch(`${url}/api/v1${path}`, { headers, signal })
      if (response.ok && response.body !== null) return response.body
      throw new CommandFailure(exits.failed, 'failure.answer', { url, status: response.status })
    },
    async close() {
      if (hasSession) await client.session.signOut().catch(() => undefined)
      await connections.end()
    },
  }
}

/** Whether a connection was cut, or could not be opened, rather than refused. */
export const isCut = (error: unknown): boolean => connectionCode(error) !== null
