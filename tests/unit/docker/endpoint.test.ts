import { asItIs } from '../../../electron/logs/cutting'
import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  defaultAddresses,
  searchFor,
  type ChosenContext,
  type Surroundings,
} from '../../../electron/docker/connection/candidates'
import { readChosenContext } from '../../../electron/docker/connection/docker-files'
import { environmentFor, formatEndpoint, isRemote, parseEndpoint } from '../../../electron/docker/connection/endpoint'
import { dockerPrograms } from '../../../electron/docker/connection/installed'
import { sshCommand } from '../../../electron/docker/connection/ssh'

const linux: Surroundings = { platform: 'linux', env: {}, home: '/home/ann', uid: 1000, setting: null, redact: asItIs }
const windows: Surroundings = {
  platform: 'win32',
  env: {},
  home: 'C:\\Users\\Ann',
  uid: null,
  setting: null,
  redact: asItIs,
}
const macos: Surroundings = { platform: 'darwin', env: {}, home: '/Users/ann', uid: 501, setting: null, redact: asItIs }

describe('addresses as Docker writes them', () => {
  test.each([
    ['unix:///var/run/docker.sock', { kind: 'unix', path: '/var/run/docker.sock' }],
    ['npipe:////./pipe/docker_engine', { kind: 'pipe', path: '//./pipe/docker_engine' }],
    ['npipe://\\\\.\\pipe\\docker_engine', { kind: 'pipe', path: '//./pipe/docker_engine' }],
    ['tcp://10.0.0.7:2375', { kind: 'tcp', host: '10.0.0.7', port: 2375, tls: null }],
    ['tcp://box', { kind: 'tcp', host: 'box', port: 2375, tls: null }],
    ['http://box:80', { kind: 'tcp', host: 'box', port: 80, tls: null }],
    ['tcp://[::1]:2375', { kind: 'tcp', host: '::1', port: 2375, tls: null }],
    [
      'ssh://ann@box:2222/run/user/1000/docker.sock',
      { kind: 'ssh', user: 'ann', host: 'box', port: 2222, socket: '/run/user/1000/docker.sock' },
    ],
    ['ssh://box', { kind: 'ssh', user: null, host: 'box', port: null, socket: null }],
  ])('%s is understood', (text, endpoint) => {
    expect(parseEndpoint(text)).toEqual(endpoint)
  })

  test.each([
    '',
    'docker',
    'unix://relative.sock',
    'ftp://box',
    'tcp://',
    'tcp://me:word@box:2376',
    'tcp://box/path',
    'npipe://docker',
    'ssh://me:word@box',
    'ssh://-oProxyCommand=x',
    'ssh://box/a;b',
    'ssh://-l@box',
    'ssh://box/$(x)',
  ])('“%s” is refused', (text) => {
    expect(parseEndpoint(text)).toBeNull()
  })

  test.each([
    'unix:///a.sock',
    'npipe:////./pipe/x',
    'tcp://box:2375',
    'tcp://[::1]:2375',
    'ssh://ann@box:22/a.sock',
    'ssh://box',
  ])('%s is written as it was read', (text) => {
    const endpoint = parseEndpoint(text)
    expect(endpoint && formatEndpoint(endpoint)).toBe(text)
  })

  test.each([
    ['unix:///a.sock', false],
    ['tcp://127.0.0.1:2375', false],
    ['tcp://10.0.0.7:2375', true],
    ['ssh://box', true],
  ])('%s is on another machine: %s', (text, expected) => {
    const endpoint = parseEndpoint(text)
    expect(endpoint && isRemote(endpoint)).toBe(expected)
  })

  test('ssh gets its host after the end of its options, and never asks for a password', () => {
    expect(sshCommand({ kind: 'ssh', user: 'ann', host: 'box', port: 2222, socket: '/a.sock' })).toEqual([
      ...['-o', 'BatchMode=yes', '-o', 'ConnectTimeout=10', '-T', '-l', 'ann', '-p', '2222', '--', 'box'],
      ...['docker', '--host', 'unix:///a.sock', 'system', 'dial-stdio'],
    ])
  })
})

describe('where the engine is looked for', () => {
  test.each([
    ['Linux', linux, ['/var/run/docker.sock', '/run/user/1000/docker.sock', '/home/ann/.docker/desktop/docker.sock']],
    [
      'Linux with XDG_RUNTIME_DIR',
      { ...linux, env: { XDG_RUNTIME_DIR: '/x' } },
      ['/var/run/docker.sock', '/x/docker.sock', '/home/ann/.docker/desktop/docker.sock'],
    ],
    ['macOS', macos, ['/var/run/docker.sock', '/Users/ann/.docker/run/docker.sock']],
    ['Windows', windows, ['//./pipe/docker_engine', '//./pipe/dockerDesktopLinuxEngine']],
  ])('%s has its usual places', (_, where, places) => {
    expect(defaultAddresses(where).map((address) => address.replace(/^\w+:\/\//, ''))).toEqual(places)
    const { candidates } = searchFor(where, null)
    expect(candidates.map(({ source }) => source)).toEqual(places.map(() => 'default'))
    expect(candidates.every(({ endpoint }) => endpoint !== null)).toBe(true)
  })

  const context = (host: string, by: 'DOCKER_CONTEXT' | 'config' = 'config'): ChosenContext => ({
    name: 'other',
    by,
    context: { host, skipTlsVerify: false, certFolder: '/c', files: { ca: false, cert: false, key: false } },
  })
  const places = (where: Surroundings, chosen: ChosenContext) =>
    searchFor(where, chosen).candidates.map(({ source, shown }) => `${source} ${shown}`)

  test('Regie’s own setting is asked alone', () => {
    const where = { ...linux, setting: 'ssh://box', env: { DOCKER_HOST: 'tcp://other:2375' } }
    expect(places(where, context('unix:///c.sock'))).toEqual(['setting ssh://box'])
    expect(searchFor(where, null).skipped).toEqual([
      { source: 'DOCKER_HOST', endpoint: 'tcp://other:2375', answered: '' },
    ])
  })

  test('DOCKER_HOST comes before the context, and host:port means TCP', () => {
    expect(places({ ...linux, env: { DOCKER_HOST: 'box:2375' } }, context('unix:///c.sock'))).toEqual([
      'DOCKER_HOST tcp://box:2375',
    ])
  })

  test('a chosen context elsewhere is asked alone; one on this machine may be a leftover', () => {
    expect(places(linux, context('ssh://box'))).toEqual(['context ssh://box'])
    expect(places(linux, context('unix:///c.sock', 'DOCKER_CONTEXT'))).toEqual(['context unix:///c.sock'])
    expect(places(linux, context('unix:///c.sock'))[0]).toBe('context unix:///c.sock')
    expect(places(linux, context('unix:///c.sock'))).toHaveLength(4)
    expect(places(windows, context('npipe:////./pipe/dockerDesktopLinuxEngine'))).toEqual([
      'context npipe:////./pipe/dockerDesktopLinuxEngine',
      'default npipe:////./pipe/docker_engine',
    ])
  })

  test('TLS comes from the environment, the context, or the port of Regie’s setting', () => {
    const tlsOf = (where: Surroundings, chosen: ChosenContext = null) => {
      const endpoint = searchFor(where, chosen).candidates[0]?.endpoint
      return endpoint?.kind === 'tcp' ? endpoint.tls : undefined
    }
    const host = { DOCKER_HOST: 'tcp://box:2376' }
    expect(tlsOf({ ...linux, env: host })).toBeNull()
    expect(tlsOf({ ...linux, env: { ...host, DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: '/certs' } })).toEqual({
      ...{ ca: '/certs/ca.pem', cert: '/certs/cert.pem', key: '/certs/key.pem', verify: true },
    })
    expect(tlsOf({ ...windows, env: { ...host, DOCKER_TLS: '1' } })).toMatchObject({
      ca: 'C:\\Users\\Ann\\.docker\\ca.pem',
      verify: false,
    })
    expect(tlsOf({ ...linux, setting: 'tcp://box:2376' })).toMatchObject({ ca: '/home/ann/.docker/ca.pem' })
    expect(tlsOf({ ...linux, setting: 'tcp://box:2375' })).toBeNull()
    const files = { ca: true, cert: true, key: false }
    const guarded = { host: 'tcp://box:2376', skipTlsVerify: false, certFolder: '/c', files }
    expect(tlsOf(linux, { name: 'x', by: 'config', context: guarded })).toEqual({
      ...{ ca: '/c/ca.pem', cert: '/c/cert.pem', key: null, verify: true },
    })
  })

  test('a password in an address is refused, and not repeated', () => {
    const [candidate] = searchFor({ ...linux, setting: 'tcp://me:s3cret@box:2376' }, null).candidates
    expect(candidate?.problem?.problem).toBe('docker.address-invalid')
    expect(JSON.stringify(candidate)).not.toContain('s3cret')
  })

  test('Docker’s own programs are told the same engine, and nothing left over of another', () => {
    const endpoint = parseEndpoint('tcp://box:2376', { ca: null, cert: null, key: null, verify: true })
    expect(endpoint && environmentFor(endpoint, '/c')).toEqual({
      ...{ DOCKER_HOST: 'tcp://box:2376', DOCKER_TLS_VERIFY: '1', DOCKER_TLS: '', DOCKER_CERT_PATH: '/c' },
    })
    const local = parseEndpoint('unix:///a.sock')
    expect(local && environmentFor(local, null)).toMatchObject({ DOCKER_TLS_VERIFY: '', DOCKER_CERT_PATH: '' })
  })

  test('a program of Docker’s is looked for where each system has it', () => {
    expect(dockerPrograms('win32', { ProgramFiles: 'D:\\Programs', Path: 'C:\\x' })).toEqual([
      'D:\\Programs\\Docker\\Docker\\Docker Desktop.exe',
      'C:\\x\\docker.exe',
    ])
    expect(dockerPrograms('darwin', { PATH: '/a:/b' })).toEqual(['/Applications/Docker.app', '/a/docker', '/b/docker'])
    expect(dockerPrograms('linux', { PATH: '' })).toContain('/usr/bin/dockerd')
  })
})

describe('Docker’s own files', () => {
  let folder: string
  const where = (env: NodeJS.ProcessEnv = {}) => ({ ...linux, env: { DOCKER_CONFIG: folder, ...env } })
  const config = (text: string) => writeFile(path.join(folder, 'config.json'), text)
  const meta = async (name: string, text: string) => {
    const digest = createHash('sha256').update(name).digest('hex')
    await mkdir(path.join(folder, 'contexts', 'meta', digest), { recursive: true })
    await writeFile(path.join(folder, 'contexts', 'meta', digest, 'meta.json'), text)
    return digest
  }
  beforeEach(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'regie-docker-config-'))
  })
  afterEach(() => rm(folder, { recursive: true, force: true }))

  test('no file, no context, and the default context mean Docker’s default', async () => {
    expect(await readChosenContext(where())).toBeNull()
    await config('{"auths":{}}')
    expect(await readChosenContext(where())).toBeNull()
    await config('{"currentContext":"default"}')
    expect(await readChosenContext(where())).toBeNull()
  })

  test('a context is found by the hash of its name, with its TLS files', async () => {
    await config('{"currentContext":"größer"}')
    const digest = await meta(
      'größer',
      JSON.stringify({ Name: 'größer', Endpoints: { docker: { Host: 'tcp://box:2376' } } }),
    )
    const certs = path.join(folder, 'contexts', 'tls', digest, 'docker')
    await mkdir(certs, { recursive: true })
    await writeFile(path.join(certs, 'ca.pem'), '')
    expect(await readChosenContext(where())).toEqual({
      ...{ name: 'größer', by: 'config' },
      context: {
        host: 'tcp://box:2376',
        skipTlsVerify: false,
        certFolder: certs,
        files: { ca: true, cert: false, key: false },
      },
    })
  })

  test('DOCKER_CONTEXT comes before the file', async () => {
    await config('{"currentContext":"gone"}')
    await meta('mine', JSON.stringify({ Name: 'mine', Endpoints: { docker: { Host: 'ssh://box' } } }))
    expect(await readChosenContext(where({ DOCKER_CONTEXT: 'mine' }))).toMatchObject({
      by: 'DOCKER_CONTEXT',
      context: { host: 'ssh://box' },
    })
    expect(await readChosenContext(where({ DOCKER_CONTEXT: 'default' }))).toBeNull()
  })

  test.each([
    ['a broken config.json', '{"auths": {"box": {"auth": "c2VjcmV0"}},', 'docker.config-broken'],
    ['one of another shape', '{"currentContext": 7}', 'docker.config-broken'],
    ['a context that is gone', '{"currentContext":"gone"}', 'docker.context-missing'],
  ])('%s is a problem, not a crash, and gives nothing away', async (_, text, problem) => {
    await config(text)
    const chosen = await readChosenContext(where())
    expect(chosen && 'problem' in chosen && chosen.problem.problem).toBe(problem)
    expect(JSON.stringify(chosen)).not.toContain('c2VjcmV0')
    expect(searchFor(linux, chosen).candidates.length).toBeGreaterThan(1)
  })
})
