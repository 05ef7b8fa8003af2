import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startComfyuiSimulator } from '../../../electron/simulator/comfyui'
import { DiscoveryProposal } from '../../../shared/contract'
import { cutToken, secrets, writeDeployment } from '../../support/deployment'
import { bundlePanelPrograms, startPanel, type RunningPanel } from '../../support/panel'
import { freePort } from '../../support/ports'
import { temporaryFolder } from '../../support/programs'
import { asProposed, byScheme } from './support'

let bundle: Awaited<ReturnType<typeof bundlePanelPrograms>>
let panel: RunningPanel

beforeAll(async () => {
  bundle = await bundlePanelPrograms()
  panel = await startPanel({ programs: bundle.programs, demo: false })
})
afterAll(async () => {
  await panel.stop()
  await bundle.remove()
})

describe('finding sinks through the API', () => {
  it('goes from a folder to linked services, and no answer holds a value', async () => {
    await using folder = await temporaryFolder('deployment')
    const ports = { comfyui: await freePort(), forge: await freePort() }
    const home = path.join(folder.path, 'home')
    await mkdir(path.join(home, 'login'), { recursive: true })
    await writeFile(path.join(home, 'login', 'PASSWORD'), secrets.token)
    const behaviour = { stepMs: 0, loadMs: 0, preview: 'none' } as const
    const simulator = await startComfyuiSimulator({ folder: home, port: ports.comfyui, behaviour })
    const site = path.join(folder.path, 'site')
    await writeDeployment(site, ports)
    const answers: string[] = []
    const call = async (method: string, to: string, body?: unknown) => {
      const answer = await panel.rest(method, to, body)
      answers.push(JSON.stringify(answer.body))
      return answer
    }

    const found = DiscoveryProposal.parse((await call('POST', 'discovery', { folder: site })).body)
    const comfyui = byScheme(found, 'comfyui-login')
    const services = [{ do: 'add', key: comfyui.services[0], id: 'qwen', runtime: 'external' }]
    const imported = await call('POST', `discovery/${found.id}/import`, {
      credentials: [{ ...asProposed(comfyui), services }],
    })
    await call('POST', `discovery/${found.id}/import`, { credentials: [asProposed(comfyui)] })
    for (const to of ['credentials', 'credentials/comfyui-qwen', 'credentials/comfyui-qwen/drift', 'services', 'audit'])
      expect((await call('GET', to)).status).toBe(200)
    expect((await call('DELETE', `discovery/${found.id}`)).status).toBe(200)

    expect(imported).toMatchObject({ status: 200, body: { serviceIds: ['qwen'] } })
    expect(panel.panel.parts.services.get('qwen').credentialId).toBe('comfyui-qwen')
    const drift = await panel.panel.parts.credentials.drift('comfyui-qwen')
    expect(drift.places.filter(({ state }) => state === 'accepted').map(({ id }) => id)).toContain('qwen')
    for (const secret of [...Object.values(secrets), cutToken]) expect(answers.join('\n')).not.toContain(secret)
    await simulator.close()
  })

  it('streams its progress, and is for administrators only', async () => {
    await using folder = await temporaryFolder('deployment')
    await writeDeployment(folder.path, { comfyui: await freePort(), forge: await freePort() })
    const ask = (headers: Record<string, string>) =>
      fetch(new URL('api/v1/discovery/stream', panel.url), {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify({ folder: folder.path }),
      })

    const stream = await (await ask({ authorization: 'Bearer test-admin-token' })).text()

    expect(stream).toContain('"type":"progress"')
    expect(stream).toContain('"type":"proposal"')
    for (const secret of Object.values(secrets)) expect(stream).not.toContain(secret)
    expect((await ask({})).status).toBe(401)
  })
})
