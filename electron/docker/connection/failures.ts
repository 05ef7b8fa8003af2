import type { EngineStatus } from '../../../shared/contract'
import { dockerCommands } from '../../../shared/docker-commands'
import { Problem, reason, type Reason } from '../../../shared/problems'
import { beginning, type Redact } from '../../logs/cutting'
import { formatEndpoint, type Endpoint } from './endpoint'
import { LinkTimeout, TlsFileFailure } from './link'
import { AnswerFailure } from './negotiate'
import { SshFailure } from './ssh'

export type Platform = EngineStatus['platform']

export const platformOf = (platform: NodeJS.Platform): Platform =>
  platform === 'win32' ? 'windows' : platform === 'darwin' ? 'macos' : 'linux'

/** Why one endpoint does not serve. */
export interface Failure {
  reason: Reason
  /** In protocol terms, for the list of what was tried. */
  answered: string
  /** What mends it, to be copied. */
  command: string | null
}

export interface Around {
  platform: Platform
  /** Whether Docker's programs are on this machine. */
  installed: boolean
  redact: Redact
}

/** Engines of one's own account are started without root. */
function startCommand(platform: Platform, path: string): string {
  if (platform !== 'linux') return dockerCommands.start[platform]
  if (path.endsWith('/.docker/desktop/docker.sock')) return 'systemctl --user start docker-desktop'
  if (path.startsWith('/run/user/')) return 'systemctl --user enable --now docker'
  return dockerCommands.start.linux
}

const notThere = (path: string, { platform, installed }: Around, answered: string): Failure =>
  installed
    ? { reason: reason(`docker.not-running-${platform}`), answered, command: startCommand(platform, path) }
    : { reason: reason(`docker.not-installed-${platform}`), answered, command: dockerCommands.install[platform] }

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''

/** Says why an endpoint does not serve: from what connecting or asking threw. */
export function explainFailure(error: unknown, endpoint: Endpoint, around: Around): Failure {
  const address = formatEndpoint(endpoint)
  if (error instanceof Problem)
    return { reason: error.reason, answered: error.id.replace('docker.', ''), command: null }
  if (error instanceof TlsFileFailure) {
    const code = codeOf(error.cause) || 'unreadable'
    return { reason: reason('docker.tls-files', { file: error.file, error: code }), answered: code, command: null }
  }
  if (error instanceof AnswerFailure) return explainAnswer(error, address)
  if (error instanceof LinkTimeout) {
    const isStarting = error.phase === 'answer' || endpoint.kind === 'unix' || endpoint.kind === 'pipe'
    const why = isStarting
      ? reason('docker.starting')
      : reason('docker.host-silent', { address, error: 'no answer in 3 s' })
    return { reason: why, answered: error.phase === 'answer' ? 'connected, no answer' : 'no answer', command: null }
  }
  switch (endpoint.kind) {
    case 'unix':
    case 'pipe':
      return explainLocal(codeOf(error), endpoint.path, around, address)
    case 'tcp':
      return explainTcp(error, endpoint, address)
    case 'ssh':
      return explainSsh(error, endpoint.host, address, around.redact)
  }
}

function explainAnswer({ answer }: AnswerFailure, address: string): Failure {
  const answered = `HTTP ${answer.status}`
  if (/HTTP request to an HTTPS server/i.test(answer.body))
    return { reason: reason('docker.tls-needed', { address }), answered, command: null }
  // Docker Desktop answers so while its engine starts.
  if (answer.status >= 500) return { reason: reason('docker.starting'), answered, command: null }
  return { reason: reason('docker.not-docker', { address, status: answer.status }), answered, command: null }
}

function explainLocal(code: string, path: string, around: Around, address: string): Failure {
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return notThere(path, around, code)
    case 'ECONNREFUSED':
      return notThere(path, { ...around, installed: true }, code)
    case 'EACCES':
    case 'EPERM':
      return {
        reason: reason(`docker.permission-${around.platform}`, { path }),
        answered: code,
        command: dockerCommands.permission[around.platform],
      }
    case 'ECONNRESET':
    case 'EPIPE':
    case 'EBUSY':
      return { reason: reason('docker.starting'), answered: code, command: null }
    default:
      return failed(address, code)
  }
}

const failed = (address: string, code: string): Failure => ({
  reason: reason('docker.failed', { address, error: code || 'unknown' }),
  answered: code || 'failed',
  command: null,
})

/** https://nodejs.org/api/tls.html#x509-certificate-error-codes */
const untrusted =
  /^(UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|CERT_|ERR_TLS_CERT_|CRL_|INVALID_CA|PATH_LENGTH|HOSTNAME_MISMATCH)/

function explainTcp(error: unknown, endpoint: Extract<Endpoint, { kind: 'tcp' }>, address: string): Failure {
  const code = codeOf(error)
  const withCode = (
    id: 'docker.host-silent' | 'docker.tls-not-spoken' | 'docker.tls-untrusted' | 'docker.tls-refused',
  ) => ({
    reason: reason(id, { address, error: code }),
    answered: code,
    command: null,
  })
  switch (code) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return { reason: reason('docker.host-unknown', { host: endpoint.host }), answered: code, command: null }
    case 'ECONNREFUSED':
      return { reason: reason('docker.host-refused', { address }), answered: code, command: null }
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'ETIMEDOUT':
    case 'EADDRNOTAVAIL':
      return withCode('docker.host-silent')
  }
  if (untrusted.test(code)) return withCode('docker.tls-untrusted')
  if (endpoint.tls === null) {
    // A server that wants TLS may also just hang up, or answer in TLS, which is no HTTP.
    if (code.startsWith('HPE_'))
      return { reason: reason('docker.tls-needed', { address }), answered: code, command: null }
    return failed(address, code)
  }
  if (code === 'ERR_SSL_WRONG_VERSION_NUMBER' || code === 'ERR_SSL_PACKET_LENGTH_TOO_LONG' || code === 'EPROTO')
    return withCode('docker.tls-not-spoken')
  if (code.startsWith('ERR_SSL_') || code.startsWith('ERR_OSSL_') || code === 'ECONNRESET')
    return withCode('docker.tls-refused')
  return failed(address, code)
}

/** The first line of what ssh said is the cause; warnings before it are not. */
const lastLine = (text: string) =>
  text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !/^(Warning|\*\*)/.test(line))
    .at(-1) ?? ''

function explainSsh(error: unknown, host: string, address: string, redact: Redact): Failure {
  if (!(error instanceof SshFailure)) return failed(address, codeOf(error))
  if (codeOf(error.cause) === 'ENOENT')
    return { reason: reason('docker.ssh-missing', { address }), answered: 'ENOENT', command: null }
  const { stderr, exitCode } = error
  const answered = exitCode === null ? 'ended' : `exit ${exitCode}`
  const because = (
    id: 'docker.ssh-host-key' | 'docker.ssh-login' | 'docker.ssh-permission',
    command: string | null,
  ) => ({
    reason: reason(id, { host }),
    answered,
    command,
  })
  if (/Host key verification failed|REMOTE HOST IDENTIFICATION HAS CHANGED/i.test(stderr))
    return because('docker.ssh-host-key', `ssh ${host}`)
  if (/permission denied while trying to connect/i.test(stderr))
    return because('docker.ssh-permission', dockerCommands.permission.linux)
  if (/Permission denied|Too many authentication failures|no mutual signature/i.test(stderr))
    return because('docker.ssh-login', `ssh-copy-id ${host}`)
  if (/Could not resolve hostname/i.test(stderr))
    return { reason: reason('docker.host-unknown', { host }), answered, command: null }
  if (exitCode === 127 || /command not found|not recognized as/i.test(stderr))
    return { reason: reason('docker.ssh-no-docker', { host }), answered, command: null }
  if (/Cannot connect to the Docker daemon|failed to connect to the docker API/i.test(stderr))
    return { reason: reason('docker.ssh-engine-down', { host }), answered, command: null }
  const detail = beginning(lastLine(stderr), 300, redact) || `exit ${exitCode ?? '–'}`
  return { reason: reason('docker.ssh-failed', { host, detail }), answered, command: null }
}

/** How much a failure tells: a socket that is absent tells least, so any other cause is shown in its place. */
function weight({ reason: { problem } }: Failure): number {
  if (problem.startsWith('docker.not-installed')) return 0
  if (problem === 'docker.context-missing') return 1
  if (problem.startsWith('docker.not-running')) return 2
  if (problem === 'docker.config-broken') return 3
  if (problem === 'docker.starting') return 5
  return 4
}

/** The failure that is told when none of several endpoints serves; the first of equals. */
export const chooseFailure = (failures: readonly Failure[]): Failure | null =>
  failures.reduce<Failure | null>((best, one) => (best && weight(best) >= weight(one) ? best : one), null)
