import { describe, expect, test } from 'vitest'
import { parseEndpoint, type Endpoint } from '../../../electron/docker/connection/endpoint'
import { chooseFailure, explainFailure, type Around } from '../../../electron/docker/connection/failures'
import { LinkTimeout, TlsFileFailure } from '../../../electron/docker/connection/link'
import { AnswerFailure, chooseVersion, compareVersions, readInfo } from '../../../electron/docker/connection/negotiate'
import { asItIs } from '../../../electron/logs/cutting'
import { SshFailure } from '../../../electron/docker/connection/ssh'
import { Problem } from '../../../shared/problems'

const endpointOf = (text: string, tls = false): Endpoint => {
  const endpoint = parseEndpoint(text, tls ? { ca: null, cert: null, key: null, verify: true } : null)
  if (!endpoint) throw new Error(text)
  return endpoint
}
const coded = (code: string) => Object.assign(new Error(code), { code })
const linux: Around = { platform: 'linux', installed: true, redact: asItIs }
const socket = endpointOf('unix:///var/run/docker.sock')
const tcp = endpointOf('tcp://box:2375')
const guarded = endpointOf('tcp://box:2376', true)
const remote = endpointOf('ssh://ann@box')

describe('why an engine does not serve', () => {
  test.each([
    [
      'nothing is installed',
      coded('ENOENT'),
      { ...linux, platform: 'linux', installed: false },
      'docker.not-installed-linux',
      'curl -fsSL https://get.docker.com | sudo sh',
    ],
    [
      'nothing is installed',
      coded('ENOENT'),
      { ...linux, platform: 'windows', installed: false },
      'docker.not-installed-windows',
      'winget install Docker.DockerDesktop',
    ],
    [
      'nothing is installed',
      coded('ENOENT'),
      { ...linux, platform: 'macos', installed: false },
      'docker.not-installed-macos',
      'brew install --cask docker-desktop',
    ],
    ['it is not running', coded('ENOENT'), linux, 'docker.not-running-linux', 'sudo systemctl enable --now docker'],
    [
      'it is not running',
      coded('ENOENT'),
      { ...linux, platform: 'macos', installed: true },
      'docker.not-running-macos',
      'open -a Docker',
    ],
    [
      'it is not running',
      coded('ENOENT'),
      { ...linux, platform: 'windows', installed: true },
      'docker.not-running-windows',
      "Start-Process 'C:\\Program Files\\Docker\\Docker\\Docker Desktop.exe'",
    ],
    [
      'a socket without an engine',
      coded('ECONNREFUSED'),
      { ...linux, platform: 'linux', installed: false },
      'docker.not-running-linux',
      'sudo systemctl enable --now docker',
    ],
    ['no permission', coded('EACCES'), linux, 'docker.permission-linux', 'sudo usermod -aG docker $USER'],
    [
      'no permission',
      coded('EPERM'),
      { ...linux, platform: 'windows', installed: true },
      'docker.permission-windows',
      'net localgroup docker-users $env:USERNAME /add',
    ],
    [
      'no permission',
      coded('EACCES'),
      { ...linux, platform: 'macos', installed: true },
      'docker.permission-macos',
      null,
    ],
    ['it starts', new AnswerFailure({ status: 503, body: 'starting' }), linux, 'docker.starting', null],
    ['it does not answer', new LinkTimeout('answer'), linux, 'docker.starting', null],
  ] as const)('on a socket: %s (%s)', (_, error, around, problem, command) => {
    const failure = explainFailure(error, socket, around)
    expect(failure).toMatchObject({ command })
    expect(failure.reason.problem).toBe(problem)
  })

  test('engines of one’s own account are started without root', () => {
    const commandOf = (text: string) => explainFailure(coded('ECONNREFUSED'), endpointOf(text), linux).command
    expect(commandOf('unix:///run/user/1000/docker.sock')).toBe('systemctl --user enable --now docker')
    expect(commandOf('unix:///home/a/.docker/desktop/docker.sock')).toBe('systemctl --user start docker-desktop')
  })

  test.each([
    ['ENOTFOUND', tcp, 'docker.host-unknown'],
    ['ECONNREFUSED', tcp, 'docker.host-refused'],
    ['EHOSTUNREACH', tcp, 'docker.host-silent'],
    ['ETIMEDOUT', tcp, 'docker.host-silent'],
    ['HPE_INVALID_CONSTANT', tcp, 'docker.tls-needed'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', guarded, 'docker.tls-not-spoken'],
    ['EPROTO', guarded, 'docker.tls-not-spoken'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', guarded, 'docker.tls-untrusted'],
    ['SELF_SIGNED_CERT_IN_CHAIN', guarded, 'docker.tls-untrusted'],
    ['CERT_HAS_EXPIRED', guarded, 'docker.tls-untrusted'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', guarded, 'docker.tls-untrusted'],
    ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', guarded, 'docker.tls-refused'],
    ['ECONNRESET', guarded, 'docker.tls-refused'],
    ['EWHATEVER', tcp, 'docker.failed'],
  ])('over TCP: %s', (code, endpoint, problem) => {
    expect(explainFailure(coded(code), endpoint, linux).reason.problem).toBe(problem)
  })

  test('over TCP: silence, clear text to a TLS port, another program, missing files', () => {
    const problemOf = (error: unknown) => explainFailure(error, tcp, linux).reason.problem
    expect(problemOf(new LinkTimeout('connect'))).toBe('docker.host-silent')
    const wantsTls = { status: 400, body: 'Client sent an HTTP request to an HTTPS server.\n' }
    expect(problemOf(new AnswerFailure(wantsTls))).toBe('docker.tls-needed')
    expect(problemOf(new AnswerFailure({ status: 404, body: '<html>' }))).toBe('docker.not-docker')
    expect(problemOf(new TlsFileFailure('/c/ca.pem', { cause: coded('ENOENT') }))).toBe('docker.tls-files')
    expect(problemOf(new Problem('docker.api-too-old', { version: '1.23', api: '1.20', oldest: '1.24' }))).toBe(
      'docker.api-too-old',
    )
  })

  test.each([
    [255, 'ann@box: Permission denied (publickey,password).', 'docker.ssh-login', 'ssh-copy-id box'],
    [255, 'Host key verification failed.', 'docker.ssh-host-key', 'ssh box'],
    [255, 'ssh: Could not resolve hostname box: Name or service not known', 'docker.host-unknown', null],
    [127, 'sh: 1: docker: not found', 'docker.ssh-no-docker', null],
    [
      1,
      'permission denied while trying to connect to the Docker daemon socket at unix:///x',
      'docker.ssh-permission',
      'sudo usermod -aG docker $USER',
    ],
    [
      1,
      'Cannot connect to the Docker daemon at unix:///x. Is the docker daemon running?',
      'docker.ssh-engine-down',
      null,
    ],
    [
      255,
      'Warning: Permanently added\nssh: connect to host box port 22: Connection timed out',
      'docker.ssh-failed',
      null,
    ],
  ])('over ssh: exit %i, %s', (code, stderr, problem, command) => {
    const failure = explainFailure(new SshFailure(code, stderr), remote, linux)
    expect([failure.reason.problem, failure.command]).toEqual([problem, command])
  })

  test('what ssh says is redacted before it is cut: of a secret at the cut nothing is left', () => {
    const secret = 'swordfish-'.repeat(4)
    const around = { ...linux, redact: (text: string) => text.replaceAll(secret, '«a secret»') }
    const failure = explainFailure(new SshFailure(255, `${'x'.repeat(290)} ${secret}`), remote, around)
    expect(failure.reason.problem).toBe('docker.ssh-failed')
    expect(failure.reason.params['detail']).not.toContain('sword')
  })

  test('without ssh it says so', () => {
    const failure = explainFailure(new SshFailure(null, '', { cause: coded('ENOENT') }), remote, linux)
    expect(failure.reason.problem).toBe('docker.ssh-missing')
  })

  test('of several causes the one that tells most is shown', () => {
    const of = (code: string) => explainFailure(coded(code), socket, { ...linux, platform: 'linux', installed: false })
    expect(chooseFailure([of('ENOENT'), of('EACCES'), of('ENOENT')])?.answered).toBe('EACCES')
    expect(chooseFailure([of('ENOENT'), of('ECONNREFUSED')])?.answered).toBe('ECONNREFUSED')
    expect(chooseFailure([])).toBeNull()
  })
})

describe('the API’s version', () => {
  const choose = (ApiVersion: string, MinAPIVersion?: string, pinned: string | null = null) =>
    chooseVersion({ Version: '1', ApiVersion, MinAPIVersion }, pinned)

  test.each([
    ['1.9', '1.10', -1],
    ['1.41', '1.41', 0],
    ['2.0', '1.99', 1],
  ])('%s compares to %s as numbers', (a, b, expected) => {
    expect(compareVersions(a, b)).toBe(expected)
  })

  test('is the newest that both speak', () => {
    expect(choose('1.41', '1.12')).toBe('1.41')
    expect(choose('1.99', '1.44')).toBe('1.51')
  })
  test('follows DOCKER_API_VERSION where the engine speaks it', () => {
    expect(choose('1.44', '1.24', '1.42')).toBe('1.42')
    expect(choose('1.44', '1.24', '1.99')).toBe('1.44')
  })
  test('too old and too new are refused by name', () => {
    expect(() => choose('1.24')).toThrow(expect.objectContaining({ id: 'docker.api-too-old' }))
    expect(() => choose('1.99', '1.90')).toThrow(expect.objectContaining({ id: 'docker.api-too-new' }))
  })
})

describe('what an engine says of itself', () => {
  const known = { version: '29.0', api: '1.51' }
  const read = (info: unknown, endpoint = socket) => readInfo(info, endpoint, known)

  test('its kind', () => {
    expect(read({ OperatingSystem: 'Debian' }).kind).toBe('native')
    expect(read({ OperatingSystem: 'Docker Desktop' }).kind).toBe('desktop')
    expect(read({ SecurityOptions: ['name=seccomp', 'name=rootless'] }).kind).toBe('rootless')
    expect(read({ OperatingSystem: 'Docker Desktop' }, remote).kind).toBe('remote')
  })
  test('NVIDIA’s runtime: known, not known, or not told', () => {
    expect(read({ Runtimes: { runc: {}, nvidia: {} } }).nvidiaRuntime).toBe(true)
    expect(read({ Runtimes: { runc: {} } }).nvidiaRuntime).toBe(false)
    expect(read({ Runtimes: { runc: {} }, CDISpecDirs: ['/etc/cdi'] }).nvidiaRuntime).toBeNull()
  })
  test('nothing of it may be missing or odd and break the connection', () => {
    expect(read({ OperatingSystem: 7, Runtimes: 'x' })).toMatchObject({ operatingSystem: '', nvidiaRuntime: false })
  })
})
