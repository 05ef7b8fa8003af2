import { createServer, type IncomingHttpHeaders } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { describe, expect, it } from 'vitest'
import { Problem } from '../../../shared/problems'
import { closedStages, createProving, type Asked, type Stages } from '../../../electron/gateway'
import { ask, outcome } from './asking'

const path = '/sdapi/v1/options'

/** What a proof sends, as a listener hands it on; the answer that it was given is what the proof is told. */
async function sent(proving: ReturnType<typeof createProving>, answer: (asked: Asked) => Promise<number> | number) {
  const server = createServer((request, response) => {
    void Promise.resolve(answer(ask(request.url ?? '', { headers: request.headers }))).then((status) =>
      response.writeHead(status).end(),
    )
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo // a TCP server's
  const through = proving.through(() => ({ host: '0.0.0.0', port, cert: null }))('forge-neo')
  try {
    return await through?.(path, AbortSignal.timeout(5000))
  } finally {
    server.close()
  }
}

const withKey = (headers: IncomingHttpHeaders) => ({ headers: { authorization: headers.authorization } })

describe('what a rotation asks through the gateway', () => {
  it('passes all stages while everybody else is kept, and is counted by none', async () => {
    const counted: string[] = []
    const proving = createProving({ urlOf: (id) => `http://${id}` })
    const stages = proving.around({
      ...closedStages,
      limits: () => ({ refused: new Problem('gateway.closed'), status: 503 }),
      turn: () => new Promise(() => undefined),
      observer: {
        begun: () => ({ ended: () => void counted.push('ended') }),
        refused: () => void counted.push('refused'),
      },
    })
    const answer = await sent(proving, async (asked) => {
      const guest = await stages.admit(asked)
      if (!('account' in guest)) return 500
      const route = await stages.rule(asked, guest)
      expect(route).toEqual({ rule: 'everybody' })
      const admitted = { asked, guest, route: { rule: 'everybody' } } as const
      expect(await stages.limits(admitted)).toHaveProperty('end')
      expect(await stages.ready(admitted, 0)).toEqual({ url: 'http://forge-neo' })
      expect(await stages.ready(admitted, 1)).toMatchObject({ status: 502 })
      expect(await stages.turn(admitted)).toHaveProperty('end')
      stages.observer.begun(admitted).ended({ status: 200, bytesIn: 0, bytesOut: 0, isCut: false })
      const refused = { refused: new Problem('gateway.refused', { id: 'forge-neo' }), status: 502 } as const
      stages.observer.refused(asked, guest, refused)
      expect(stages.refuse(asked, refused).own.status).toBe(401)
      return 200
    })
    expect(answer).toEqual({ status: 200, refused: false })
    expect(counted).toEqual([])
    expect(await sent(proving, () => 401)).toEqual({ status: 401, refused: true })
  })

  it('opens its one question once, and nothing else', async () => {
    const proving = createProving({ urlOf: () => 'http://there' })
    const stages: Stages = proving.around(closedStages)
    const told: string[] = []
    const tell = async (asked: Asked) => void told.push(outcome(await stages.admit(asked)))
    for (const other of [
      { target: '/sdapi/v1/txt2img' },
      { target: path, service: 'another' },
      { target: path, method: 'POST' },
      { target: path, isUpgrade: true },
    ]) {
      const { target, ...asking } = other
      await sent(proving, async ({ headers }) => {
        await tell(ask(target, { ...asking, ...withKey(headers) }))
        return 200
      })
    }
    expect(told).toEqual(told.map(() => '503 gateway.closed'))
    let after: IncomingHttpHeaders = {}
    await sent(proving, async (asked) => {
      after = asked.headers
      await tell(asked)
      await tell(ask(path, withKey(asked.headers)))
      return 200
    })
    await tell(ask(path, withKey(after)))
    expect(told.slice(4)).toEqual(['in: regie', '503 gateway.closed', '503 gateway.closed'])
  })

  it('opens nothing when its time is over', async () => {
    let now = 0
    const proving = createProving({ urlOf: () => 'http://there', now: () => now })
    const stages = proving.around(closedStages)
    await sent(proving, async (asked) => {
      now = 10_000
      expect(outcome(await stages.admit(asked))).toBe('503 gateway.closed')
      return 200
    })
  })

  it('is not asked where no gateway listens', () => {
    expect(createProving({ urlOf: () => '' }).through(() => null)('forge-neo')).toBeNull()
  })
})
