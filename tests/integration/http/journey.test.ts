// @module-tag long
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Credential, Drift, Generation, Rotation, Service } from '../../../shared/contract'
import { adminToken, bundlePanelPrograms, startPanel, type RunningPanel } from '../../support/panel'
import { until } from '../../support/until'

let programs: Awaited<ReturnType<typeof bundlePanelPrograms>>
let running: RunningPanel
beforeAll(async () => {
  programs = await bundlePanelPrograms()
  running = await startPanel(programs)
})
afterAll(async () => {
  await running.stop()
  await programs.remove()
})

/** A REST call that must succeed; the contract says what it answers. */
async function call<T>(method: string, at: string, body?: unknown): Promise<T> {
  const answer = await running.rest(method, at, body)
  if (answer.status >= 300) throw new Error(`${method} ${at}: ${answer.status} ${JSON.stringify(answer.body)}`)
  return answer.body as T
}

const generate = async (serviceId: string) => {
  const prompt = 'a lighthouse at dawn'
  const params = { prompt, seed: 7, steps: 2, width: 256, height: 256 }
  const { id } = await call<Generation>('POST', 'generations', { serviceId, params })
  return until(`the generation on ${serviceId} ends`, async () => {
    const generation = await call<Generation>('GET', `generations/${id}`)
    return ['succeeded', 'failed', 'cancelled'].includes(generation.state) && generation
  })
}

it('takes a newcomer from two stopped services to proven credentials and two pictures, over REST', async () => {
  // Both services start and let Regie in.
  const started = await call<Service[]>('POST', 'services/start-all')
  expect(started.map((service) => service.id)).toEqual(['comfyui-demo', 'forge-demo'])
  const ready = await until('both services are ready', async () => {
    const services = await call<Service[]>('GET', 'services')
    return services.every((service) => service.health.state === 'ready') && services
  })

  // A rotation proves itself: the old token is refused from then on, the new one accepted.
  const comfyui = ready.find((service) => service.kind === 'comfyui')
  const old = await call<{ token: string }>('POST', 'credentials/comfyui-demo/reveal')
  const rotation = await call<Rotation>('POST', 'credentials/comfyui-demo/rotate')
  expect(rotation.state).toBe('committed')
  expect(rotation.proof.length).toBeGreaterThanOrEqual(4)
  for (const row of rotation.proof) for (const cell of [row.none, row.old, row.fresh]) expect(cell.state).toBe('pass')
  const fresh = await call<{ token: string }>('POST', 'credentials/comfyui-demo/reveal')
  const ask = (token: string) =>
    fetch(`${comfyui?.url ?? ''}/system_stats`, { headers: { authorization: `Bearer ${token}` } })
  expect((await ask(old.token)).status).toBe(401)
  expect((await ask(fresh.token)).status).toBe(200)

  // The other scheme rotates as well.
  expect((await call<Rotation>('POST', 'credentials/forge-demo/rotate')).state).toBe('committed')

  // The same prompt on both services; the pictures come back byte for byte and as thumbnails.
  for (const generation of [await generate('comfyui-demo'), await generate('forge-demo')]) {
    expect(generation).toMatchObject({ state: 'succeeded', simulated: true, params: { seed: 7 } })
    const [image] = generation.images
    expect(image).toMatchObject({ width: 256, height: 256, mime: 'image/png' })
    for (const suffix of ['', '/thumbnail']) {
      const response = await fetch(new URL(`api/v1/images/${image?.id ?? ''}${suffix}`, running.url), {
        headers: { authorization: `Bearer ${adminToken}` },
      })
      expect(response.status).toBe(200)
      expect(response.headers.get('content-type')).toMatch(/^image\//)
      expect((await response.arrayBuffer()).byteLength).toBeGreaterThan(500)
    }
  }
  const page = await call<{ items: Generation[] }>('GET', 'generations?search=lighthouse')
  expect(page.items).toHaveLength(2)

  // Nothing of a secret stands in the logs, the audit or any answer but reveal.
  const drift = await call<Drift>('GET', 'credentials/comfyui-demo/drift')
  expect(drift.drifted).toBe(0)
  const credentials = await call<Credential[]>('GET', 'credentials')
  const logs = await call<unknown[]>('GET', 'services/comfyui-demo/logs?tail=1000')
  const told = JSON.stringify([drift, credentials, logs, rotation])
  const kept = ['audit.jsonl', 'rotations.jsonl', 'panel.log', 'vault.json'].map((name) =>
    readFileSync(path.join(running.dataFolder, name), 'utf8'),
  )
  for (const secret of [old.token, fresh.token]) for (const text of [told, ...kept]) expect(text).not.toContain(secret)
})
