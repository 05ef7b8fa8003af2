import { describe, expect, test } from 'vitest'
import { compareContainer, withFingerprints, type Comparison } from '../../../../electron/compose/program/changes'
import { fingerprintOf, readImage, readMade } from '../../../../electron/compose/program/made'
import { readConfig, readHashes } from '../../../../electron/compose/program/rendered'

describe('a configuration as Compose prints it (captured from 2.26.1 and 1.29.2)', () => {
  const json = JSON.stringify({
    name: 'q',
    services: {
      web: {
        command: ['node', '-e', 'a$$b'],
        entrypoint: null,
        environment: { A: '$$2b$$12', B: null, C: '1' },
        image: 'regie:latest',
        ports: [
          { mode: 'ingress', target: 8188, published: '8188', protocol: 'tcp' },
          { mode: 'ingress', target: 9999, protocol: 'tcp' },
          { mode: 'ingress', host_ip: '::1', target: 98, published: '99', protocol: 'udp' },
        ],
        volumes: [
          { type: 'bind', source: '/p/data', target: '/data', read_only: true, bind: { create_host_path: true } },
          { type: 'volume', source: 'vv', target: '/vv', volume: {} },
          { type: 'volume', target: '/anon', volume: {} },
        ],
        secrets: [{ source: 'token', target: '/run/secrets/token' }, { source: 'other' }],
        deploy: {
          resources: {
            reservations: { devices: [{ driver: 'nvidia', device_ids: ['GPU-1'], capabilities: ['gpu'] }] },
          },
        },
      },
    },
    secrets: { token: { name: 'q_token', file: '/p/token' }, other: { name: 'q_other', environment: 'X' } },
  })
  const yaml = [
    'services:',
    '  web:',
    '    command:',
    '    - node',
    '    - -e',
    '    - a$$b',
    '    environment:',
    '      A: $$2b$$12',
    '      B: null',
    "      C: '1'",
    '    image: regie:latest',
    '    ports:',
    '    - published: 8188',
    '      target: 8188',
    '    - target: 9999',
    '    - ::1:99:98/udp',
    '    volumes:',
    '    - /p/data:/data:ro',
    '    - vv:/vv:rw',
    '    - /anon',
    '    secrets:',
    '    - source: token',
    '    - other',
    '    deploy:',
    '      resources:',
    '        reservations:',
    '          devices:',
    '          - capabilities: [gpu]',
    "            device_ids: ['GPU-1']",
    '            driver: nvidia',
    'secrets:',
    '  token:',
    '    file: /p/token',
    "version: '2.4'",
  ].join('\n')

  test.each([
    ['JSON of Compose 2', json],
    ['YAML of Compose 1', yaml],
  ])('%s', (_, output) => {
    expect(readConfig(output, 'q')).toEqual({
      name: 'q',
      services: {
        web: {
          image: 'regie:latest',
          containerName: null,
          environment: { A: '$2b$12', B: null, C: '1' },
          ports: [
            { hostIp: '', hostPort: 8188, containerPort: 8188 },
            { hostIp: '', hostPort: 0, containerPort: 9999 },
            { hostIp: '::1', hostPort: 99, containerPort: 98 },
          ],
          volumes: [
            { type: 'bind', source: '/p/data', target: '/data', readOnly: true },
            { type: 'volume', source: 'vv', target: '/vv', readOnly: false },
            { type: 'volume', source: '', target: '/anon', readOnly: false },
            { type: 'bind', source: '/p/token', target: '/run/secrets/token', readOnly: true },
          ],
          gpuIds: ['GPU-1'],
          gpuAsks: [{ kind: 'ids', ids: ['GPU-1'] }],
          command: ['node', '-e', 'a$b'],
          entrypoint: null,
          dependsOn: [],
          hasBuild: false,
        },
      },
    })
  })

  test.each([
    [{ gpus: 'all' }, ['all']],
    [{ gpus: [{ driver: 'nvidia', count: 2 }] }, ['2']],
    [{ deploy: { resources: { reservations: { devices: [{ capabilities: ['gpu'] }] } } } }, ['all']],
    [{ runtime: 'nvidia', environment: { NVIDIA_VISIBLE_DEVICES: '0,1' } }, ['0', '1']],
    [{ environment: { NVIDIA_VISIBLE_DEVICES: 'all' } }, []],
  ])('GPUs of %o', (service, ids) => {
    expect(readConfig(JSON.stringify({ services: { a: service } }), 'q').services['a']?.gpuIds).toEqual(ids)
  })

  test('a Windows path with its drive', () => {
    const output = 'services: { a: { image: x, volumes: ["D:\\\\Dev\\\\models:/models:ro"] } }'
    expect(readConfig(output, 'q').services['a']?.volumes).toEqual([
      { type: 'bind', source: 'D:\\Dev\\models', target: '/models', readOnly: true },
    ])
  })

  test.each([['not a configuration'], ['{"services": 3}'], ['{']])('%s is refused', (output) => {
    expect(() => readConfig(output, 'q')).toThrow(expect.objectContaining({ id: 'compose.unreadable' }))
  })

  test('hashes', () => {
    expect(readHashes('web 70bf\nother c085\n\n')).toEqual({ web: '70bf', other: 'c085' })
  })
})

const wanted: Comparison['wanted'] = withFingerprints({
  image: 'regie:1',
  containerName: null,
  environment: { TOKEN: 'secret', NOTE: 'a', INHERITED: null },
  ports: [{ hostIp: '127.0.0.1', hostPort: 8188, containerPort: 8188 }],
  volumes: [{ type: 'bind', source: '/p/data', target: '/data', readOnly: false }],
  gpuIds: [],
  command: null,
  entrypoint: null,
  dependsOn: [],
  hasBuild: false,
})

const inspected = {
  Image: 'sha256:1',
  Config: {
    Image: 'regie:1',
    Env: ['TOKEN=secret', 'NOTE=a', 'PATH=/bin', 'FROM_IMAGE=x'],
    Cmd: ['serve'],
    Entrypoint: ['/bin/node'],
    Labels: { 'com.docker.compose.config-hash': 'old', 'com.docker.compose.version': '2.26.1' },
  },
  HostConfig: { PortBindings: { '8188/tcp': [{ HostIp: '127.0.0.1', HostPort: '8188' }] } },
  Mounts: [{ Type: 'bind', Destination: '/data' }],
}
const image = {
  Id: 'sha256:1',
  Config: { Env: ['PATH=/bin', 'FROM_IMAGE=x'], Cmd: ['serve'], Entrypoint: ['/bin/node'] },
}

function compare(change: Partial<Comparison> & { env?: string[] } = {}) {
  const { env, ...rest } = change
  const made = readMade(env ? { ...inspected, Config: { ...inspected.Config, Env: env } } : inspected)
  const madeFrom = readImage(image)
  if (!made || !madeFrom) throw new Error('unreadable')
  const found = compareContainer({
    ...{ wanted, wantedHash: 'new', made, madeFrom, imageNow: madeFrom, version: '2.20.0' },
    ...rest,
  })
  return found.map(({ action, reason }) => [action, reason.problem, reason.params])
}

describe('what the files ask for and the container does not have', () => {
  test('nothing, by the hash', () => {
    expect(compare({ wantedHash: 'old', wanted: { ...wanted, ports: [] } })).toEqual([])
  })

  test('nothing that counts, though another release of Compose made another hash of it', () => {
    expect(compare()).toEqual([])
  })

  test('something that has no name of its own, by the hash of the same release', () => {
    expect(compare({ version: '2.26.3' })).toEqual([['recreate', 'compose.settings-changed', {}]])
  })

  test('variables that changed, came and went, by name and without a value', () => {
    const found = compare({ env: ['TOKEN=older', 'OLD=1', 'PATH=/bin', 'FROM_IMAGE=x', 'INHERITED=y'] })
    expect(found).toEqual([['recreate', 'compose.env-changed', { names: 'NOTE, OLD, TOKEN' }]])
    expect(JSON.stringify(found)).not.toContain('secret')
  })

  test('ports', () => {
    const ports = [{ hostIp: '', hostPort: 8189, containerPort: 8188 }]
    expect(compare({ wanted: { ...wanted, ports } })).toEqual([
      ['recreate', 'compose.ports-changed', { wanted: '0.0.0.0:8189→8188', current: '127.0.0.1:8188→8188' }],
    ])
  })

  test('another image, and a newer one of the same name', () => {
    expect(compare({ wanted: { ...wanted, image: 'regie:2' } })).toEqual([
      ['recreate', 'compose.image-changed', { wanted: 'regie:2', current: 'regie:1' }],
    ])
    const imageNow = { id: 'sha256:2', environment: {}, command: [], entrypoint: [] }
    expect(compare({ imageNow, wantedHash: 'old' })).toEqual([
      ['recreate', 'compose.image-newer', { image: 'regie:1' }],
    ])
  })

  test('mounts and the command', () => {
    const volumes = [...wanted.volumes, { type: 'bind', source: '/p/x', target: '/x', readOnly: true }]
    expect(compare({ wanted: { ...wanted, volumes } })).toEqual([
      ['recreate', 'compose.volumes-changed', { targets: '/x' }],
    ])
    expect(compare({ wanted: { ...wanted, command: ['serve', '--api'] } })).toEqual([
      ['recreate', 'compose.command-changed', {}],
    ])
    // Compose 1 may print it as one text.
    expect(compare({ wanted: { ...wanted, command: ['serve'] } })).toEqual([])
  })

  test('no value of a variable is kept', () => {
    expect(JSON.stringify([wanted, readMade(inspected)])).not.toContain('"secret"')
    expect(readMade(inspected)?.environment['TOKEN']).toBe(fingerprintOf('secret'))
  })
})
