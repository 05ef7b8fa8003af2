import { createServer } from 'node:http'
import { rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { surfacesOf, type BackendProbe } from '../../../electron/kinds'
import type { Secret } from '../../../electron/vault/secret'
import type { ServiceKind } from '../../../shared/contract'
import { startGateway } from '../../support/gateway'
import { freePort } from '../../support/ports'
import { backendAt, comfyui, comfyuiSecret, forge, forgeSecret } from './simulators'
import { long } from '../../support/long'

const now = () => AbortSignal.timeout(10_000)
const summary = ({ evidence }: BackendProbe) =>
  evidence.map(({ rung, outcome, answered, reason }) => [rung, outcome, answered, reason?.problem ?? ''])

it.each<[ServiceKind, Secret]>([
  ['comfyui', comfyuiSecret],
  ['forge', forgeSecret],
])('a program that lets strangers in is told no secret by the ladder of %s', async (kind, secret) => {
  const told: (string | undefined)[] = []
  const server = createServer((request, response) => {
    told.push(request.headers.authorization)
    response.end('{"system":{},"sd_model_checkpoint":"x","samples_save":true}')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const at = server.address()
  const port = typeof at === 'object' ? (at?.port ?? 0) : 0
  try {
    const probe = await backendAt(kind, `http://127.0.0.1:${port}`, secret).probe(now())
    expect(probe.evidence.at(-1)).toMatchObject({ rung: 'authenticated', reason: { problem: 'backend.open' } })
    expect(told.length).toBeGreaterThan(1)
    expect(told.every((header) => header === undefined)).toBe(true)
  } finally {
    server.closeAllConnections()
    server.close()
  }
})

describe('probe of ComfyUI', () => {
  it('proves every rung of a protected service', async () => {
    await using service = await comfyui()
    const probe = await service.backend.probe(now())
    expect(summary(probe)).toEqual([
      ['listening', 'proven', '401', ''],
      ['authenticated', 'proven', '401 → 200', ''],
      ['ready', 'proven', '200 running 0 waiting 0', ''],
    ])
    expect(probe.model).toMatch(/\.safetensors$/)
    expect(probe.queue).toEqual({ running: 0, waiting: 0 })
    expect(probe.evidence.every(({ tookMs }) => tookMs > 0)).toBe(true)
  })

  it('is refused with a wrong credential and without one', async () => {
    await using service = await comfyui()
    const wrong = await backendAt('comfyui', service.simulator.url, { ...comfyuiSecret, token: 'wrong' }).probe(now())
    expect(summary(wrong).at(-1)).toEqual(['authenticated', 'refused', '401 → 401', 'backend.refused'])
    const without = await backendAt('comfyui', service.simulator.url, null).probe(now())
    expect(summary(without).at(-1)).toEqual(['authenticated', 'refused', '401', 'backend.credential-needed'])
  })

  it('does not call an open service protected', async () => {
    await using service = await comfyui({ withoutLogin: true })
    const meantClosed = await service.backend.probe(now())
    expect(summary(meantClosed).at(-1)).toEqual(['authenticated', 'failed', '200 without credential', 'backend.open'])
    const meantOpen = await backendAt('comfyui', service.simulator.url, null).probe(now())
    expect(summary(meantOpen)[1]).toEqual(['authenticated', 'proven', '200 without credential', 'backend.open'])
    expect(summary(meantOpen)[2]?.[1]).toBe('proven')
  })

  it('finds the empty token of a service that has no password yet', async () => {
    await using service = await comfyui()
    await service.simulator.close()
    await rm(path.join(service.folder, 'login', 'PASSWORD'))
    const unclaimed = await service.start()
    try {
      const probe = await backendAt('comfyui', unclaimed.url, comfyuiSecret).probe(now())
      expect(summary(probe).at(-1)).toEqual([
        'authenticated',
        'failed',
        '200 with an empty token',
        'backend.empty-token',
      ])
    } finally {
      await unclaimed.close()
    }
  })

  it('is not ready without a model', async () => {
    await using service = await comfyui({ behaviour: { models: 'none' } })
    expect(summary(await service.backend.probe(now())).at(-1)).toEqual([
      'ready',
      'failed',
      '200 running 0 waiting 0',
      'backend.no-models',
    ])
  })
})

describe('probe of Forge', () => {
  it('proves every rung of a protected service', async () => {
    await using service = await forge()
    const probe = await service.backend.probe(now())
    expect(summary(probe).slice(0, 2)).toEqual([
      ['listening', 'proven', '401', ''],
      ['authenticated', 'proven', '401 → 200', ''],
    ])
    expect(summary(probe)[2]?.slice(0, 2)).toEqual(['ready', 'proven'])
    expect(probe.model).toMatch(/safetensors/)
  })

  it('says that a login form leaves the API open', async () => {
    await using service = await forge({ protect: 'gradio' })
    expect(summary(await service.backend.probe(now())).at(-1)).toEqual([
      'authenticated',
      'failed',
      '200 without credential',
      'backend.ui-only-protected',
    ])
  })

  it('does not call an open service protected, and goes on when none was meant', async () => {
    await using service = await forge({ protect: 'none' })
    expect(summary(await service.backend.probe(now())).at(-1)?.[3]).toBe('backend.open')
    const meantOpen = await backendAt('forge', service.simulator.url, null).probe(now())
    expect(summary(meantOpen).at(-1)?.slice(0, 2)).toEqual(['ready', 'proven'])
  })

  it('is refused with a wrong credential, and told that the API is off', async () => {
    await using service = await forge()
    const wrong = await backendAt('forge', service.simulator.url, { ...forgeSecret, password: 'wrong' }).probe(now())
    expect(summary(wrong).at(-1)).toMatchObject(['authenticated', 'refused', expect.anything(), 'backend.refused'])
    await using withoutApi = await forge({ api: false })
    expect(summary(await withoutApi.backend.probe(now())).at(-1)?.[3]).toBe('backend.api-off')
  })

  it('is not ready without a model', async () => {
    await using service = await forge({ behaviour: { models: 'none' } })
    expect(summary(await service.backend.probe(now())).at(-1)).toEqual([
      'ready',
      'failed',
      '200 []',
      'backend.no-models',
    ])
  })
})

describe('probe of what is no service', () => {
  it.each<ServiceKind>(['comfyui', 'forge'])('tells a closed port from a silent one (%s)', async (kind) => {
    const closed = await backendAt(kind, `http://127.0.0.1:${await freePort()}`, null).probe(now())
    expect(summary(closed)).toEqual([['listening', 'failed', 'ECONNREFUSED', 'backend.unreachable']])
    const server = createServer(() => undefined)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    const port = typeof address === 'object' && address ? address.port : 0
    try {
      const silent = await backendAt(kind, `http://127.0.0.1:${port}`, null, { callMs: 150 }).probe(now())
      expect(summary(silent)).toEqual([['listening', 'failed', 'no answer', 'backend.timeout']])
    } finally {
      server.closeAllConnections()
      server.close()
    }
  })

  it('tells a login page, a proxy’s error and a web page from a service', async () => {
    const answers: [number, Record<string, string>, string][] = [
      [302, { location: '/login' }, ''],
      [302, { location: '/elsewhere' }, ''],
      [502, { 'content-type': 'text/html' }, '<html>Bad Gateway'],
      [200, { 'content-type': 'text/html' }, '<html>hello'],
    ]
    let next = 0
    const server = createServer((_request, response) => {
      const [status, headers, body] = answers[next] ?? [500, {}, '']
      response.writeHead(status, headers).end(body)
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    const port = typeof address === 'object' && address ? address.port : 0
    try {
      const found: unknown[] = []
      for (; next < answers.length; next += 1) {
        const probe = await backendAt('comfyui', `http://127.0.0.1:${port}`, comfyuiSecret).probe(now())
        found.push(summary(probe).at(-1)?.[3])
      }
      expect(found).toEqual([
        'backend.refused',
        'backend.redirected',
        'backend.server-error',
        'backend.unexpected-answer',
      ])
    } finally {
      server.close()
    }
  })
})

describe('probe through a sign-in in front', () => {
  const tokenOf = ({ token }: Secret) => `Bearer ${token ?? ''}`
  const pairOf = ({ username, password }: Secret) =>
    `Basic ${Buffer.from(`${username ?? ''}:${password ?? ''}`).toString('base64')}`

  const behindSignIn = async (status: number) => {
    await using open = await comfyui({ withoutLogin: true })
    await using openForge = await forge({ protect: 'none' })
    const prefix = status === 403 ? '/comfy' : ''
    await using front = await startGateway({
      to: open.simulator.url,
      status,
      prefix,
      expected: tokenOf(comfyuiSecret),
    })
    await using forgeFront = await startGateway({
      to: openForge.simulator.url,
      status,
      expected: pairOf(forgeSecret),
    })
    for (const [kind, { url }, right, wrong] of [
      ['comfyui', front, comfyuiSecret, { ...comfyuiSecret, token: 'wrong' }],
      ['forge', forgeFront, forgeSecret, { ...forgeSecret, password: 'wrong' }],
    ] as const) {
      const probe = await backendAt(kind, url, right).probe(now())
      expect(summary(probe).slice(0, 2)).toEqual([
        ['listening', 'proven', String(status), ''],
        ['authenticated', 'proven', `${status} → 200`, ''],
      ])
      expect(summary(probe).at(-1)?.slice(0, 2)).toEqual(['ready', 'proven'])
      const refused = await backendAt(kind, url, wrong).probe(now())
      expect(summary(refused).at(-1)).toEqual([
        'authenticated',
        'refused',
        kind === 'comfyui' ? `${status} → ${status}` : expect.anything(),
        'backend.refused',
      ])
      const without = await backendAt(kind, url, null).probe(now())
      expect(summary(without).at(-1)).toEqual(['authenticated', 'refused', String(status), 'backend.credential-needed'])
    }
  }
  const tries = 'tries the credential after a %s, and is ready with the right one'
  it.each([302, 403])(tries, behindSignIn)
  it.each([401, 407])(tries, long, behindSignIn)
})

describe('surfaces that prove a credential', () => {
  async function table(kind: ServiceKind, url: string, right: Secret, wrong: Secret) {
    const rows: unknown[] = []
    for (const surface of surfacesOf(kind)) {
      if (surface.applies && !(await surface.applies(url, now()))) continue
      const ask = async (secret: Secret | null) => (await surface.ask(url, secret, now())).status
      const { none, wrong: refused, right: accepted } = surface.expect
      rows.push([surface.surface, [await ask(null), none], [await ask(wrong), refused], [await ask(right), accepted]])
    }
    return rows
  }
  const isAsExpected = (rows: unknown[]) =>
    rows.every((row) => Array.isArray(row) && row.slice(1).every((cell) => Array.isArray(cell) && cell[0] === cell[1]))

  it('answer as expected on ComfyUI, and queue nothing', async () => {
    await using service = await comfyui()
    const rows = await table('comfyui', service.simulator.url, comfyuiSecret, { ...comfyuiSecret, token: 'wrong' })
    expect(rows).toEqual([
      ['GET /system_stats', [401, 401], [401, 401], [200, 200]],
      ['GET /object_info/KSampler', [401, 401], [401, 401], [200, 200]],
      ['POST /prompt', [401, 401], [401, 401], [400, 400]],
      ['WS /ws', [401, 401], [401, 401], [101, 101]],
    ])
    expect((await service.backend.probe(now())).queue).toEqual({ running: 0, waiting: 0 })
  })

  it('answer as expected on Forge with both protections', async () => {
    await using service = await forge()
    const rows = await table('forge', service.simulator.url, forgeSecret, { ...forgeSecret, password: 'wrong' })
    expect(rows).toHaveLength(5)
    expect(rows.at(-1)).toEqual(['POST /login', [401, 401], [400, 400], [200, 200]])
    expect(isAsExpected(rows), JSON.stringify(rows)).toBe(true)
  })

  it('leave the login form out where there is none', async () => {
    await using service = await forge({ protect: 'api' })
    const rows = await table('forge', service.simulator.url, forgeSecret, { ...forgeSecret, password: 'wrong' })
    expect(rows).toHaveLength(4)
    expect(isAsExpected(rows), JSON.stringify(rows)).toBe(true)
  })

  it('show that an open service protects nothing', async () => {
    await using service = await comfyui({ withoutLogin: true })
    const rows = await table('comfyui', service.simulator.url, comfyuiSecret, { ...comfyuiSecret, token: 'wrong' })
    expect(isAsExpected(rows)).toBe(false)
    expect(rows[0]).toEqual(['GET /system_stats', [200, 401], [200, 401], [200, 200]])
  })

  it('say when nothing answers', async () => {
    const url = `http://127.0.0.1:${await freePort()}`
    for (const kind of ['comfyui', 'forge'] as const)
      for (const surface of surfacesOf(kind))
        await expect(surface.ask(url, comfyuiSecret, now()), surface.surface).rejects.toThrow(
          expect.objectContaining({ id: 'backend.unreachable' }) as Error,
        )
  })

  it('do not leave the token in a file that a wrong answer could name', async () => {
    await using service = await comfyui()
    await writeFile(path.join(service.folder, 'login', 'PASSWORD'), 'other\nregie')
    const refused = backendAt('comfyui', service.simulator.url, { ...comfyuiSecret, token: 'stale-secret' })
    const probe = await refused.probe(now())
    expect(JSON.stringify(probe)).not.toContain('stale-secret')
  })
})
