import { expect, it } from 'vitest'
import { surfacesOf } from '../../../electron/kinds'
import { backendAt, forge, forgeSecret, generate, storyOf } from './simulators'

const kind = 'forge-neo'
const now = () => AbortSignal.timeout(20_000)

it('is climbed, asked and made to paint as Forge is, without the routes that it has no more', async () => {
  await using service = await forge({ neo: true })
  const { url } = service.simulator
  const backend = backendAt(kind, url, forgeSecret)
  expect((await backend.probe(now())).evidence.map(({ rung, outcome }) => [rung, outcome])).toEqual([
    ['listening', 'proven'],
    ['authenticated', 'proven'],
    ['ready', 'proven'],
  ])
  expect(storyOf(await generate(backend, { prompt: 'x', steps: 1 })).at(-1)).toBe('done')
  await backend.freeMemory(now())
  const gone = await fetch(`${url}/sdapi/v1/reload-checkpoint`, { method: 'POST' })
  expect(gone.status).toBe(404)
})

it('is proven by the surfaces of Forge', async () => {
  await using service = await forge({ neo: true })
  const { url } = service.simulator
  for (const asked of surfacesOf(kind)) {
    const { surface, expect: wanted } = asked
    const wrong = { ...forgeSecret, password: 'another-horse' }
    const answers = [
      await asked.ask(url, null, now()),
      await asked.ask(url, wrong, now()),
      await asked.ask(url, forgeSecret, now()),
    ]
    expect([surface, ...answers.map(({ status }) => status)]).toEqual([
      surface,
      wanted.none,
      wanted.wrong,
      wanted.right,
    ])
    expect(answers.map(({ refused }) => refused)).toEqual([true, true, false])
  }
})

it('bears its own name where something else answers', async () => {
  await using service = await forge({ neo: true, api: false })
  const backend = backendAt(kind, `${service.simulator.url}/docs`, forgeSecret)
  await expect(backend.queueState(now())).rejects.toThrow(/Forge Neo/)
})
