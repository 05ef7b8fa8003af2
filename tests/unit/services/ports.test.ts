import { once } from 'node:events'
import net from 'node:net'
import { afterAll, describe, expect, it } from 'vitest'
import type { ServiceGateway } from '../../../shared/contract'
import { Problem } from '../../../shared/problems'
import { assertPortsFree, ownPlace, type Listening } from '../../../electron/services/ports'

const open: net.Server[] = []
afterAll(() => open.forEach((server) => server.close()))

/** A port of the loopback; somebody listens there, or did a moment ago. */
async function port({ isTaken }: { isTaken: boolean }, host = '127.0.0.1'): Promise<number> {
  const server = net.createServer().listen(0, host)
  await once(server, 'listening')
  const at = (server.address() as net.AddressInfo).port
  if (isTaken) open.push(server)
  else await new Promise((resolve) => server.close(resolve))
  return at
}

const gateway = (at: number, part: Partial<ServiceGateway> = {}): ServiceGateway => ({
  ...{ enabled: true, host: '127.0.0.1', port: at, tls: 'off', names: [], unknownRoutes: false, ...part },
})
const service = (id: string, url: string, its?: ServiceGateway) => ({ id, url, ...(its && { gateway: its }) })
const remote = 'http://192.0.2.7:8188'
const known = (configs: ReturnType<typeof service>[], listening: Listening[] = []) => ({
  configs: () => configs,
  listening: () => listening,
})

/** What a change is refused with; null where it is not. */
const refusal = (...asked: Parameters<typeof assertPortsFree>) =>
  assertPortsFree(...asked).then(
    () => null,
    (error: unknown) => (error instanceof Problem ? { id: error.id, params: error.params } : error),
  )

describe('a gateway’s new port is refused', () => {
  it('where another service has it, running or not', async () => {
    const at = await port({ isTaken: false })
    const others = [service('forge', `http://localhost:${at}`)]
    const found = await refusal(service('qwen', remote, gateway(at)), null, known(others))
    expect(found).toMatchObject({ id: 'gateway.port-of-service', params: { port: at, by: 'forge' } })
  })

  it('where the service itself has it', async () => {
    const at = await port({ isTaken: false })
    const found = await refusal(service('qwen', `http://127.0.0.1:${at}`, gateway(at)), null, known([]))
    expect(found).toMatchObject({ id: 'gateway.port-of-service', params: { by: 'qwen' } })
  })

  it('where another gateway is to have it, or listens there still', async () => {
    const [at, before] = [await port({ isTaken: false }), await port({ isTaken: true })]
    const others = known(
      [service('forge', remote, gateway(at, { host: '0.0.0.0' }))],
      [{ of: { gateway: 'forge' }, host: '127.0.0.1', port: before }],
    )
    for (const one of [at, before]) {
      const found = await refusal(service('qwen', remote, gateway(one)), null, others)
      expect(found).toMatchObject({ id: 'gateway.port-of-gateway', params: { port: one, by: 'forge' } })
    }
    const off = known([service('forge', remote, gateway(at, { enabled: false }))])
    expect(await refusal(service('qwen', remote, gateway(at)), null, off)).toBeNull()
  })

  it('where the panel’s own page is served', async () => {
    const at = await port({ isTaken: true })
    const page = known([], [{ of: 'panel', host: '127.0.0.1', port: at }])
    const found = await refusal(service('qwen', remote, gateway(at, { host: '0.0.0.0' })), null, page)
    expect(found).toMatchObject({ id: 'gateway.port-of-panel', params: { port: at } })
  })

  it('where another program listens, with one that is free and planned for nobody', async () => {
    const at = await port({ isTaken: true })
    const others = known([service('forge', `http://127.0.0.1:${at + 1}`)])
    const found = await refusal(service('qwen', remote, gateway(at)), null, others)
    expect(found).toMatchObject({ id: 'gateway.port-in-use', params: { port: at } })
    const { free } = (found as { params: { free: number } }).params
    expect(free).toBeGreaterThan(at + 1)
    const atAll = await port({ isTaken: true }, '0.0.0.0')
    const beside = await refusal(service('qwen', remote, gateway(atAll)), null, known([]))
    expect(beside).toMatchObject({ id: 'gateway.port-in-use' })
  })
})

describe('a gateway’s port is not asked about', () => {
  it('where it stays as it was, whoever has it', async () => {
    const at = await port({ isTaken: true })
    const its = gateway(at)
    const changed = service('qwen', remote, { ...its, names: ['studio.example.org'] })
    expect(await refusal(changed, service('qwen', remote, its), known([service('qwen', remote, its)]))).toBeNull()
    expect(await refusal(changed, service('qwen', remote, { ...its, enabled: false }), known([]))).not.toBeNull()
  })

  it('where its own listener has it', async () => {
    const at = await port({ isTaken: true })
    const own = known([], [{ of: { gateway: 'qwen' }, host: '127.0.0.1', port: at }])
    expect(await refusal(service('qwen', remote, gateway(at)), service('qwen', remote, gateway(1)), own)).toBeNull()
  })

  it('where another address of this machine, or another machine, has the same number', async () => {
    const at = await port({ isTaken: false })
    const others = known([service('far', `http://192.0.2.7:${at}`), service('near', `http://127.0.0.2:${at}`)])
    expect(await refusal(service('qwen', remote, gateway(at)), null, others)).toBeNull()
    expect(ownPlace(`http://192.0.2.7:${at}`)).toBeNull()
  })
})

it('a service is not to be asked where Regie itself listens', async () => {
  const at = await port({ isTaken: false })
  const url = `http://127.0.0.1:${at}`
  const found = await refusal(service('far', url), null, known([service('qwen', remote, gateway(at))]))
  expect(found).toMatchObject({ id: 'service.url-of-gateway', params: { url, by: 'qwen' } })
  const page = known([], [{ of: 'panel', host: '127.0.0.1', port: at }])
  expect(await refusal(service('far', url), null, page)).toMatchObject({ id: 'service.url-of-panel' })
  // As it was, it is not asked about.
  expect(await refusal(service('far', url), service('far', url), page)).toBeNull()
})
