import type Dockerode from 'dockerode'
import { readFile } from 'node:fs/promises'
import http from 'node:http'
import https from 'node:https'
import { inspect } from 'node:util'
import type { Endpoint, Tls } from './endpoint'
import { SshAgent } from './ssh'

/** The engine did not connect, or did not answer, in time. */
export class LinkTimeout extends Error {
  override readonly name = 'LinkTimeout'
  constructor(readonly phase: 'connect' | 'answer') {
    super(`no ${phase} in time`)
  }
}

/** A file of the TLS setup could not be read. */
export class TlsFileFailure extends Error {
  override readonly name = 'TlsFileFailure'
  constructor(
    readonly file: string,
    options: ErrorOptions,
  ) {
    super(`cannot read ${file}`, options)
  }
}

export interface Answer {
  status: number
  headers: http.IncomingHttpHeaders
  body: string
}

/** The way to one engine. */
export interface Link {
  /** A small GET, with patience for connecting and answering of its own. */
  ask(path: string): Promise<Answer>
  /** The client; `version` is the API's, e.g. `1.41`. */
  client(version: string): Promise<Dockerode>
  close: () => void
}

/** A local engine connects at once or never; ssh has a timeout of its own. */
const connectTimeoutMs = { unix: 3000, pipe: 3000, tcp: 3000, ssh: 15_000 } as const

/** Docker Desktop's engine may sleep, and wakes with the first call. */
const answerTimeoutMs = 15_000

/** A small answer needs no more; whatever is larger is no engine. */
const maxBody = 1024 * 1024

type TlsContent = { ca?: Buffer; cert?: Buffer; key?: Buffer; rejectUnauthorized: boolean }

async function readTls(tls: Tls): Promise<TlsContent> {
  const content: TlsContent = { rejectUnauthorized: tls.verify }
  for (const name of ['ca', 'cert', 'key'] as const) {
    const file = tls[name]
    if (file === null) continue
    content[name] = await readFile(file).catch((cause: unknown) => {
      throw new TlsFileFailure(file, { cause })
    })
  }
  return content
}

/** Opens the way to an engine; nothing is connected yet. Throws a TlsFileFailure. */
export async function openLink(endpoint: Endpoint, env: NodeJS.ProcessEnv): Promise<Link> {
  const tls = endpoint.kind === 'tcp' && endpoint.tls ? await readTls(endpoint.tls) : null
  const agent = agentFor(endpoint, tls, env)
  const protocol: 'http' | 'https' = tls ? 'https' : 'http'
  const target =
    endpoint.kind === 'unix' || endpoint.kind === 'pipe'
      ? { socketPath: endpoint.path }
      : endpoint.kind === 'tcp'
        ? { host: endpoint.host, port: endpoint.port }
        : { host: 'docker.invalid', port: 80 }

  return {
    ask: (path) => ask({ ...target, path, agent }, protocol, connectTimeoutMs[endpoint.kind]),
    async client(version) {
      const { default: Docker } = await import('dockerode')
      // `host` of the modem is a URL's: an IPv6 address needs its brackets there.
      const place = 'host' in target && target.host.includes(':') ? { ...target, host: `[${target.host}]` } : target
      // `agent` is the modem's option, which dockerode's types leave out.
      const options = { ...place, protocol, agent, version: `v${version}` }
      return withoutDockersEnvironment(() => new Docker(options))
    },
    close: () => agent.destroy(),
  }
}

/**
 * docker-modem describes its options to a debug log with every request, log or not. An agent with all its sockets takes
 * longer to describe than the request takes, so that ours say their name and no more.
 */
class LocalAgent extends http.Agent {
  [inspect.custom]() {
    return 'LocalAgent'
  }
}
class TlsAgent extends https.Agent {
  [inspect.custom]() {
    return 'TlsAgent'
  }
}

function agentFor(endpoint: Endpoint, tls: TlsContent | null, env: NodeJS.ProcessEnv): http.Agent {
  if (endpoint.kind === 'ssh') return new SshAgent(endpoint, env)
  return tls ? new TlsAgent({ keepAlive: true, ...tls }) : new LocalAgent({ keepAlive: true })
}

/** docker-modem reads DOCKER_HOST and its like by itself, and throws on what it cannot read; Regie has decided already. */
function withoutDockersEnvironment<T>(make: () => T): T {
  const hidden = ['DOCKER_HOST', 'DOCKER_CERT_PATH', 'DOCKER_TLS_VERIFY', 'DOCKER_PATH_PREFIX', 'DOCKER_CLIENT_TIMEOUT']
  const before = hidden.map((name) => [name, process.env[name]] as const)
  for (const name of hidden) Reflect.deleteProperty(process.env, name)
  try {
    return make()
  } finally {
    for (const [name, value] of before) if (value !== undefined) process.env[name] = value
  }
}

function ask(options: http.RequestOptions, protocol: 'http' | 'https', connectMs: number): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = (protocol === 'https' ? https : http).request(options)
    const within = (phase: LinkTimeout['phase'], ms: number) =>
      setTimeout(() => request.destroy(new LinkTimeout(phase)), ms)
    let timer = within('connect', connectMs)
    const connected = () => {
      clearTimeout(timer)
      timer = within('answer', answerTimeoutMs)
    }
    request.on('socket', (socket) => {
      if (socket.connecting) socket.once(protocol === 'https' ? 'secureConnect' : 'connect', connected)
      else connected()
    })
    request.on('response', (response) => {
      let body = ''
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => {
        body += chunk
        if (body.length > maxBody) request.destroy(new Error('the answer is too long'))
      })
      response.on('end', () => {
        clearTimeout(timer)
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body })
      })
      response.on('error', reject)
    })
    request.on('error', reject)
    request.on('close', () => clearTimeout(timer))
    request.end()
  })
}
