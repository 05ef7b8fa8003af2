import path from 'node:path'
import type { EngineAttempt } from '../../../shared/contract'
import { reason, type Reason } from '../../../shared/problems'
import type { Redact } from '../../logs/cutting'
import { asksForTls, parseEndpoint, type Endpoint, type Tls } from './endpoint'

/** What decides where the engine is looked for. */
export interface Surroundings {
  platform: NodeJS.Platform
  env: NodeJS.ProcessEnv
  home: string
  /** The user's number where the system knows such. */
  uid: number | null
  /** The address set in Regie. */
  setting: string | null
  /** For what programs say of a failure. */
  redact: Redact
}

/** What `contexts/meta/…/meta.json` says of a context, and the TLS files that lie beside it. */
export interface DockerContext {
  host: string
  skipTlsVerify: boolean
  /** The folder with its TLS files, and those that are there. */
  certFolder: string
  files: { ca: boolean; cert: boolean; key: boolean }
}

/** The context in force: which, who chose it, and what its files say. `null`: Docker's default one. */
export type ChosenContext =
  | { name: string; by: 'DOCKER_CONTEXT' | 'config'; context: DockerContext }
  | { name: string; by: 'DOCKER_CONTEXT' | 'config'; problem: Reason }
  | null

/** One place to ask, or why it cannot be asked. */
export interface Candidate {
  source: EngineAttempt['source']
  /** As it is shown. */
  shown: string
  endpoint: Endpoint | null
  certFolder: string | null
  problem: Reason | null
}

/** What is looked for, in order, and what is shown as not asked. */
export interface Search {
  candidates: Candidate[]
  skipped: EngineAttempt[]
}

/** Paths are written by the rules of the platform in question, which in tests is not always this machine's. */
const pathFor = (platform: NodeJS.Platform) => (platform === 'win32' ? path.win32 : path.posix)

/** Where Docker's programs keep their configuration. */
export const dockerFolder = ({ env, home, platform }: Pick<Surroundings, 'env' | 'home' | 'platform'>) =>
  env['DOCKER_CONFIG'] || pathFor(platform).join(home, '.docker')

/** Where each system's engines listen, in the order in which they are asked. */
export function defaultAddresses({ platform, env, home, uid }: Surroundings): string[] {
  switch (platform) {
    case 'win32':
      return ['npipe:////./pipe/docker_engine', 'npipe:////./pipe/dockerDesktopLinuxEngine']
    case 'darwin':
      return ['unix:///var/run/docker.sock', `unix://${home}/.docker/run/docker.sock`]
    default: {
      const runtime = env['XDG_RUNTIME_DIR'] || (uid === null || uid === 0 ? null : `/run/user/${uid}`)
      return [
        'unix:///var/run/docker.sock',
        ...(runtime === null ? [] : [`unix://${runtime}/docker.sock`]),
        `unix://${home}/.docker/desktop/docker.sock`,
      ]
    }
  }
}

/** TLS as the environment asks for it: DOCKER_TLS_VERIFY, DOCKER_CERT_PATH. */
function tlsOfEnvironment(where: Surroundings, asked: boolean): { tls: Tls; folder: string } | null {
  const { env, platform } = where
  const verify = Boolean(env['DOCKER_TLS_VERIFY'])
  if (!verify && !env['DOCKER_TLS'] && !asked) return null
  const folder = env['DOCKER_CERT_PATH'] || dockerFolder(where)
  const at = (name: string) => pathFor(platform).join(folder, name)
  return {
    tls: { ca: at('ca.pem'), cert: at('cert.pem'), key: at('key.pem'), verify: verify || !env['DOCKER_TLS'] },
    folder,
  }
}

function fromAddress(source: Candidate['source'], address: string, where: Surroundings): Candidate {
  // Docker's programs take `host:port` for TCP.
  const text = address.includes('://') ? address : `tcp://${address}`
  const tls = tlsOfEnvironment(where, source === 'setting' ? asksForTls(text) : /^https:/i.test(text))
  const endpoint = parseEndpoint(text, tls?.tls ?? null)
  const shown = text.replace(/\/\/[^/@]*@/, (user) => (user.includes(':') ? '//…@' : user))
  return {
    source,
    shown,
    endpoint,
    certFolder: endpoint?.kind === 'tcp' && endpoint.tls ? (tls?.folder ?? null) : null,
    problem: endpoint ? null : reason('docker.address-invalid', { address: shown }),
  }
}

function fromContext(chosen: NonNullable<ChosenContext>, platform: NodeJS.Platform): Candidate {
  if ('problem' in chosen) {
    return { source: 'context', shown: chosen.name, endpoint: null, certFolder: null, problem: chosen.problem }
  }
  const { host, certFolder, files, skipTlsVerify } = chosen.context
  const at = (name: 'ca' | 'cert' | 'key') => (files[name] ? pathFor(platform).join(certFolder, `${name}.pem`) : null)
  const hasTls = files.ca || files.cert || skipTlsVerify
  const tls = hasTls ? { ca: at('ca'), cert: at('cert'), key: at('key'), verify: !skipTlsVerify } : null
  const endpoint = parseEndpoint(host, tls)
  return {
    source: 'context',
    shown: host,
    endpoint,
    certFolder: tls && endpoint?.kind === 'tcp' ? certFolder : null,
    problem: endpoint ? null : reason('docker.address-invalid', { address: host }),
  }
}

const isLocal = ({ endpoint, problem }: Candidate) =>
  problem !== null || endpoint?.kind === 'unix' || endpoint?.kind === 'pipe'

/**
 * Where to ask, in the order of Docker's own programs: Regie's setting, DOCKER_HOST, DOCKER_CONTEXT, the context of
 * config.json, the system's usual places. What somebody chose by name is asked alone; but a context of config.json
 * that is on this machine may be a leftover of another Docker, so the usual places follow it.
 */
export function searchFor(where: Surroundings, chosen: ChosenContext): Search {
  const { env, setting } = where
  const host = env['DOCKER_HOST'] ?? ''
  const hostRow: EngineAttempt = {
    source: 'DOCKER_HOST',
    endpoint: host === '' ? '' : fromAddress('DOCKER_HOST', host, where).shown,
    answered: '',
  }
  if (setting !== null) return { candidates: [fromAddress('setting', setting, where)], skipped: [hostRow] }
  if (host !== '') return { candidates: [fromAddress('DOCKER_HOST', host, where)], skipped: [] }
  const defaults = defaultAddresses(where).map((address) => fromAddress('default', address, where))
  if (chosen === null) return { candidates: defaults, skipped: [hostRow] }
  const first = fromContext(chosen, where.platform)
  if (chosen.by === 'DOCKER_CONTEXT' || !isLocal(first)) return { candidates: [first], skipped: [hostRow] }
  const others = defaults.filter((other) => other.shown !== first.shown)
  return { candidates: [first, ...others], skipped: [hostRow] }
}
