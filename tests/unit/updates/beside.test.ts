import { describe, expect, test } from 'vitest'
import { besideModel, placeOf, type BesideOptions } from '../../../electron/updates/beside'

const options: BesideOptions = {
  service: 'comfyui-qwen',
  project: 'qwen',
  updateId: 'an-update',
  image: 'regie/update:abc',
  stagedFolder: '/data/updates/x/new',
  stackFolder: '/srv/qwen',
  staged: new Set(['compose.yaml', 'Dockerfile']),
  port: { old: 8188, beside: 18_800 },
  thrownAway: new Map([['/srv/qwen/outputs', '/data/updates/x/beside/outputs']]),
  copies: new Map([['/srv/qwen/user', '/data/updates/x/beside/user']]),
}
const bind = (source: string, target: string) => ({ type: 'bind', source, target })
const rendered = (more: object = {}) => ({
  name: 'qwen',
  services: {
    'comfyui-qwen': {
      image: 'regie/comfyui-qwen:0.38.1',
      build: { context: '/data/updates/x/new' },
      container_name: 'mine',
      restart: 'unless-stopped',
      depends_on: { db: { condition: 'service_started' } },
      environment: { FORGE_PASSWORD: 'a$$b' },
      ports: [
        { target: 8188, published: '8188', host_ip: '127.0.0.1' },
        { target: 9, published: '9' },
      ],
      volumes: [
        bind('/mnt/models', '/opt/ComfyUI/models'),
        bind('/data/updates/x/new/outputs', '/opt/ComfyUI/output'),
        bind('/data/updates/x/new/login', '/opt/ComfyUI/login'),
        bind('/data/updates/x/new/user', '/opt/ComfyUI/user'),
        { type: 'volume', source: 'models', target: '/models2' },
      ],
      ...more,
    },
    db: { image: 'postgres' },
  },
  volumes: { models: { name: 'qwen_models' } },
})
const serviceIn = (model: object) => (model as { services: Record<string, Record<string, unknown>> }).services

describe('the model of the new version beside the old one', () => {
  test('has an image, a port and a label of its own, and nothing that is the old one’s', () => {
    const { model, image } = besideModel(rendered(), options, false)
    const services = serviceIn(model)
    expect(Object.keys(services)).toEqual(['comfyui-qwen'])
    expect(image).toBe('regie/comfyui-qwen:0.38.1')
    const own = services['comfyui-qwen']
    expect(own).toMatchObject({
      image: 'regie/update:abc',
      ports: ['127.0.0.1:18800:8188'],
      restart: 'no',
      labels: { 'io.regie.update': 'an-update' },
      environment: { FORGE_PASSWORD: 'a$$b' },
    })
    for (const key of ['container_name', 'depends_on', 'build']) expect(own).not.toHaveProperty(key)
    expect(serviceIn(besideModel(rendered(), options, true).model)['comfyui-qwen']).toHaveProperty('build')
  })

  test('can write to nothing of the person’s: each mount is read-only, a copy, or thrown away', () => {
    const { model, readOnly, copies } = besideModel(rendered(), options, false)
    expect(serviceIn(model)['comfyui-qwen']?.['volumes']).toEqual([
      { ...bind('/mnt/models', '/opt/ComfyUI/models'), read_only: true },
      bind('/data/updates/x/beside/outputs', '/opt/ComfyUI/output'),
      { ...bind('/srv/qwen/login', '/opt/ComfyUI/login'), read_only: true },
      bind('/data/updates/x/beside/user', '/opt/ComfyUI/user'),
      { type: 'volume', source: 'models', target: '/models2', read_only: true },
    ])
    expect(model).toMatchObject({ volumes: { models: { name: 'qwen_models', external: true } } })
    expect([readOnly, copies]).toEqual([3, 1])
  })

  test('reads the short forms of Compose 1 too', () => {
    const short = { ports: ['127.0.0.1:8188:8188/tcp'], volumes: ['/mnt/models:/models:rw', 'models:/models2'] }
    const { model } = besideModel({ ...rendered(short), volumes: { models: {} } }, options, false)
    expect(serviceIn(model)['comfyui-qwen']?.['volumes']).toMatchObject([{ read_only: true }, { read_only: true }])
    expect(model).toMatchObject({ volumes: { models: { name: 'qwen_models' } } })
  })

  test('has the secrets and configs that a person’s own file gives, and no place in the network of the old one', () => {
    const more = {
      ...{ secrets: [{ source: 'token' }], network_mode: 'host', links: ['db'] },
      deploy: { restart_policy: { condition: 'any' }, resources: { limits: {} } },
    }
    const files = {
      secrets: { token: { name: 'qwen_token', file: '/data/updates/x/new/token.txt' }, ready: { external: true } },
      configs: { nodes: { file: '/data/updates/x/nodes.ini' } },
    }
    const { model } = besideModel({ ...rendered(more), ...files }, options, false)
    expect(model).toMatchObject({
      secrets: { token: { name: 'qwen_token', file: '/srv/qwen/token.txt' }, ready: { external: true } },
      configs: { nodes: { file: '/srv/nodes.ini' } },
    })
    const own = serviceIn(model)['comfyui-qwen'] ?? {}
    expect(own['secrets']).toEqual([{ source: 'token' }])
    for (const key of ['network_mode', 'links']) expect(own).not.toHaveProperty(key)
    expect(JSON.parse(JSON.stringify(own['deploy']))).toEqual({ resources: { limits: {} } })
  })

  test('finds folders whose names have a dollar sign, which a model writes twice', () => {
    const volumes = [bind('/data/updates/x/new/a$$b', '/a'), bind('/mnt/$$out', '/out')]
    const dollars = { ...options, thrownAway: new Map([['/mnt/$out', '/data/$/outputs']]) }
    const { model } = besideModel(rendered({ volumes }), dollars, false)
    expect(serviceIn(model)['comfyui-qwen']?.['volumes']).toEqual([
      { ...bind('/srv/qwen/a$$b', '/a'), read_only: true },
      bind('/data/$$/outputs', '/out'),
    ])
  })

  test('is refused where the port is another, or the service is none of them', () => {
    expect(() => besideModel(rendered({ ports: [] }), options, false)).toThrow(/8188/)
    expect(() => besideModel(rendered(), { ...options, service: 'other' }, false)).toThrow(/other/)
    expect(() => besideModel({ services: 5 }, options, false)).toThrow()
  })

  test('a place below the staged files means the stack’s own, unless it is a staged file', () => {
    expect(placeOf('/data/updates/x/new/login', options)).toBe('/srv/qwen/login')
    expect(placeOf('/data/updates/x/new/Dockerfile', options)).toBe('/data/updates/x/new/Dockerfile')
    expect(placeOf('/elsewhere/new', options)).toBe('/elsewhere/new')
  })

  test('a place beside the staged folder means the one beside the stack’s', () => {
    expect(placeOf('/data/updates/x/models', options)).toBe('/srv/models')
    expect(placeOf('/data/updates/shared', options)).toBe('/shared')
    expect(placeOf('/models', options)).toBe('/models')
  })
})
