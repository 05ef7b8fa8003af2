import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { Generation, ServiceKind } from '../../shared/contract'
import type { HeadlessPanel } from './headless'

const program = path.resolve(import.meta.dirname, '../../dist/main/simulator.js')

export interface SimulatedProgram {
  id: string
  kind: ServiceKind
  port: number
  /** What it is told to do: see electron/simulator/behaviour.ts. */
  behaviour: Record<string, unknown>
}

/**
 * Adds a simulator with a behaviour of its own as what it would be in real life, a native program with a credential,
 * stopped. Its files lie in a folder of its name in the panel's data folder.
 */
export async function addSimulatedProgram(panel: HeadlessPanel, { id, kind, port, behaviour }: SimulatedProgram) {
  const folder = path.join(panel.data, id)
  await mkdir(path.join(folder, 'login'), { recursive: true })
  const behaviourFile = path.join(folder, 'behaviour.json')
  await writeFile(behaviourFile, JSON.stringify(behaviour))
  const env = path.join(folder, '.env')
  await panel.client.credentials.create({
    id,
    scheme: kind === 'comfyui' ? 'comfyui-login' : 'basic',
    username: 'tester',
    sinks:
      kind === 'comfyui'
        ? [{ type: 'comfyui-login', path: path.join(folder, 'login', 'PASSWORD') }]
        : [
            { type: 'env', path: env, key: 'FORGE_USER', field: 'username' },
            { type: 'env', path: env, key: 'FORGE_PASSWORD', field: 'password' },
          ],
  })
  return panel.client.services.create({
    id,
    kind,
    runtime: 'process',
    url: `http://127.0.0.1:${port}`,
    credentialId: id,
    process: {
      command: process.execPath,
      args: [program, kind, '--folder', folder, '--port', String(port), '--behaviour', behaviourFile],
    },
  })
}

/** Makes one small picture and resolves with the generation when it has ended, however it ended. */
export async function generateOn(panel: HeadlessPanel, serviceId: string, prompt: string): Promise<Generation> {
  let generation = await panel.client.generations.create({ serviceId, params: { prompt, width: 512, height: 512 } })
  for await (const event of await panel.client.generations.watch({ id: generation.id })) {
    if (event.type === 'update') generation = event.generation
  }
  return generation
}
