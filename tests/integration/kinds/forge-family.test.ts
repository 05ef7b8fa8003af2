import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { ProblemId } from '../../../shared/problems'
import { startOldWebui } from '../../support/old-a1111'
import { backendAt, forge, forgeSecret, generate, storyOf } from './simulators'

const now = () => AbortSignal.timeout(10_000)
const problem = (id: ProblemId, more: object = {}) => expect.objectContaining({ id, ...more }) as Error
const containing = (text: string) => expect.stringContaining(text) as unknown
const summary = async (url: string, secret: Parameters<typeof backendAt>[2] = null) => {
  const { evidence } = await backendAt('forge', url, secret).probe(now())
  return evidence.map(({ rung, outcome, reason, settling }) => [rung, outcome, reason?.problem, settling === true])
}

describe('older and other WebUIs', () => {
  it('works with A1111 before it knew schedulers', async () => {
    await using service = await startOldWebui('v18')
    const backend = backendAt('forge', service.url, null)
    expect((await backend.probe(now())).evidence.at(-1)).toMatchObject({ rung: 'ready', outcome: 'proven' })
    expect(await backend.capabilities(now())).toMatchObject({
      samplers: ['DPM++ 2M Karras', 'Euler a'],
      schedulers: ['Automatic'],
      defaults: { sampler: 'DPM++ 2M Karras', scheduler: 'Automatic' },
    })
    const events = await generate(backend, { prompt: 'x' })
    expect(storyOf(events)).toEqual(['queued', 'saving', 'image', 'done'])
  })

  it('tells the words that A1111 puts into `errors`', async () => {
    await using service = await startOldWebui('clip500')
    await expect(generate(backendAt('forge', service.url, null), { prompt: 'x' })).rejects.toThrow(
      problem('backend.execution-failed', {
        params: { node: 'txt2img', detail: 'AssertionError: You do not have CLIP state dict!' },
      }),
    )
  })

  it('says that the API of A1111 is off', async () => {
    await using service = await startOldWebui('noapi')
    const backend = backendAt('forge', service.url, null)
    await expect(backend.capabilities(now())).rejects.toThrow(problem('backend.api-off'))
    // Just after a start that may mean nothing yet.
    expect((await summary(service.url)).at(-1)).toEqual(['authenticated', 'failed', 'backend.api-off', true])
  })
})

describe('what a 404 means', () => {
  it('the API is off for certain where extensions answer', async () => {
    await using service = await forge({ api: false })
    expect((await summary(service.simulator.url)).at(-1)).toEqual(['authenticated', 'failed', 'backend.api-off', false])
  })

  it('a broken --api-auth is told from that without a log', async () => {
    await using service = await forge({ account: { username: 'ann', password: 'a:b' } })
    expect((await summary(service.simulator.url)).at(-1)).toEqual([
      'authenticated',
      'failed',
      'backend.api-missing',
      true,
    ])
  })

  it('another program is not taken for a Forge without its API', async () => {
    const server = http.createServer((_request, response) => response.writeHead(404).end('not here'))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void (server.closeAllConnections(), server.close()))
    const { port } = server.address() as AddressInfo // it listens on TCP
    const url = `http://127.0.0.1:${port}`
    expect((await summary(url)).at(-1)).toEqual(['authenticated', 'failed', 'backend.unexpected-answer', false])
    await expect(backendAt('forge', url, forgeSecret).capabilities(now())).rejects.toThrow(
      problem('backend.unexpected-answer'),
    )
  })

  it('below a path that only --subpath knows, the root is named', async () => {
    await using service = await forge()
    const url = `${service.simulator.url}/sd/webui`
    const { evidence } = await backendAt('forge', url, forgeSecret).probe(now())
    expect(evidence.at(-1)?.reason).toMatchObject({
      problem: 'backend.below-root',
      params: { root: service.simulator.url },
    })
    await expect(backendAt('forge', url, forgeSecret).capabilities(now())).rejects.toThrow(
      problem('backend.below-root', { hint: containing(service.simulator.url) }),
    )
  })
})
