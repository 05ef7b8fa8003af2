// @module-tag long
import { spawnSync } from 'node:child_process'
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { FleetRoom } from '../../../electron/fleet'
import { handOut } from '../../../electron/fleet/hand-out'
import { secretHands, versionFingerprint } from '../../../electron/fleet/secrets'
import { secretPlaces } from '../../../electron/fleet/spec'
import { asItIs } from '../../../electron/logs/cutting'
import { templateOf } from '../../../electron/stacks/templates'
import { FleetOrder, type FleetReplica } from '../../../shared/contract'
import { findDocker } from '../../support/docker/find'
import { fleetEngines, fleetMissing, madeUpGpu, type FleetEngines } from '../../support/docker/fleet-engines'
import { fleetImage } from '../../support/docker/fleet-image'
import { fleetOver, refusal } from '../../support/fleet'
import { Killed, killedAt } from '../../support/simulated-swarm'
import { temporaryFolder } from '../../support/programs'
import { until } from '../../support/until'

/** Each step once; `resume` comes only where a roll-back has paused, which no real engine does on demand. */
const kills = [
  ...[['look', false] as const, ['create', false] as const, ['create', true] as const, ['name', false] as const],
  ...[['name', true] as const, ['wait', true] as const, ['remove', false] as const, ['remove', true] as const],
]

const found = await findDocker()
const missing = fleetMissing() ?? found.reason
let secret = '$2b$12$made-up-hash-of-a-password-that-nobody-has'

const ours = { filters: { label: ['com.docker.swarm.service.name=comfyui'] } }

/** The real stack's file; only what asks whether it is well is node's, for the test's image has no Python. */
async function stackFolder(folder: string): Promise<void> {
  const at = 'resources/stacks/comfyui-qwen/compose.yaml'
  const real = await readFile(path.resolve(import.meta.dirname, '../../..', at), 'utf8')
  const asks =
    '["/system_stats","/system_stats?token="].map((path)=>fetch("http://127.0.0.1:8188"+path,{redirect:"manual"}))'
  const check = `Promise.all(${asks}).then((all)=>process.exit(all.every(({status})=>status===401)?0:1),()=>process.exit(1))`
  const text = real
    .replace('test: [CMD, python, /opt/regie/healthcheck.py]', `test: [CMD, /bin/node, -e, '${check}']`)
    .replace('interval: 30s', 'interval: 1s')
    .replace('start_period: 180s', 'start_period: 20s')
    .replace('stop_grace_period: 20s', 'stop_grace_period: 2s')
  await mkdir(path.join(folder, 'comfyui-qwen'), { recursive: true })
  await writeFile(path.join(folder, 'comfyui-qwen', 'compose.yaml'), text)
}

if (missing !== null || !found.docker) test('services on a Swarm', ({ skip }) => skip(missing ?? 'no engine'))
else {
  const { docker } = found
  describe('services on a Swarm', () => {
    let engines: FleetEngines
    let folder: Awaited<ReturnType<typeof temporaryFolder>>
    let image: string
    let fleet: FleetRoom
    let seen: ReturnType<typeof fleetOver>['seen']
    const at = (number: number) => {
      const engine = engines.engines[number]
      if (!engine) throw new Error(`no engine ${number}`)
      return engine
    }
    const order = (change: Partial<FleetOrder> = {}) =>
      FleetOrder.parse({
        ...{ name: 'comfyui', stackId: 'comfyui-qwen', credentialId: 'comfyui', image, replicas: 4, memoryGiB: 1 },
        ...{ folder: path.join(folder.path, 'node'), ...change },
      })
    const replicas = async (name = 'comfyui'): Promise<FleetReplica[]> =>
      (await fleet.services()).find((service) => service.name === name)?.replicas ?? []
    /** What each replica reads as its secret. */
    const inContainers = () =>
      Promise.all(
        engines.engines.map(async ({ client }) => {
          const [one] = await client.listContainers(ours)
          const exec = await client
            .getContainer(one?.Id ?? '')
            .exec({ Cmd: ['/bin/cat', '/opt/ComfyUI/login/PASSWORD'], AttachStdout: true, Tty: true })
          const stream = await exec.start({ Tty: true })
          let read = ''
          for await (const chunk of stream) read += String(chunk)
          return read.trim()
        }),
      )
    const running = (count: number) =>
      until(
        `${count} replicas to run`,
        async () => {
          const now = (await replicas()).filter(({ state }) => state === 'running')
          return now.length === count ? now : null
        },
        120_000,
      )

    beforeAll(async () => {
      folder = await temporaryFolder('regie-fleet-services')
      await stackFolder(path.join(folder.path, 'stacks'))
      for (const own of ['models', 'outputs', 'cache', 'user', 'input', 'custom_nodes']) {
        await mkdir(path.join(folder.path, 'node', own), { recursive: true })
        await chmod(path.join(folder.path, 'node', own), 0o777)
      }
      engines = await fleetEngines([
        { name: 'atelier', gpus: [madeUpGpu(1)] },
        { name: 'studio', gpus: [madeUpGpu(2)] },
        { name: 'loft', gpus: [madeUpGpu(3)] },
      ])
      image = await fleetImage(docker, engines.engines)
      ;({ fleet, seen } = fleetOver(engines.engines, {
        templates: path.join(folder.path, 'stacks'),
        lendFiles: (_credential, _stack, places, use) => use(places.map(() => Buffer.from(secret))),
      }))
      await fleet.init({ machineId: 'atelier', address: at(0).address }, 'ann')
      for (const number of [1, 2])
        await fleet.join({ machineId: at(number).name, address: at(number).address, role: 'worker' }, 'ann')
    })
    afterAll(async () => {
      await engines.remove()
      await folder[Symbol.asyncDispose]()
    })

    test('run where a card is free, each with its own, and the one too many waits and says why', async () => {
      await fleet.deploy(order(), 'ann')
      const now = await running(3)
      expect(new Set(now.flatMap(({ gpus }) => gpus))).toEqual(new Set([1, 2, 3].map(madeUpGpu)))
      expect(now.map(({ nodeName }) => nodeName).sort()).toEqual(['atelier', 'loft', 'studio'])
      const waits = (await replicas()).find(({ state }) => state === 'waiting')
      expect(waits).toMatchObject({ nodeId: null, words: 'no suitable node (insufficient resources on 3 nodes)' })

      // What the Swarm says of a card is what the container was given.
      for (const engine of engines.engines) {
        const [container] = await engine.client.listContainers(ours)
        const { Config, HostConfig } = await engine.client.getContainer(container?.Id ?? '').inspect()
        expect(Config.Env).toContain(`DOCKER_RESOURCE_NVIDIA-GPU=${engine.gpus[0]}`)
        expect(Config.Env.some((variable) => variable.startsWith('CUDA_VISIBLE_DEVICES'))).toBe(false)
        expect([Config.User, HostConfig.Init, HostConfig.CapDrop]).toEqual(['1000:1000', true, ['ALL']])
      }
    })

    test('have their secret from Swarm alone: no spec, container or answer has it', async () => {
      const services: unknown = await at(0).client.listServices()
      const secrets: unknown = await at(0).client.listSecrets()
      const [container] = await at(0).client.listContainers(ours)
      const inspected: unknown = await at(0)
        .client.getContainer(container?.Id ?? '')
        .inspect()
      const said = JSON.stringify([services, secrets, inspected, await fleet.services(), seen.audit])
      expect(said).not.toContain(secret)
      expect(said).not.toContain(Buffer.from(secret).toString('base64'))
    })

    test('take no name that somebody else has, and take nothing of theirs away', async () => {
      const others = await at(0).client.createService({
        ...{ Name: 'gallery-network', Labels: {}, Mode: { Replicated: { Replicas: 0 } } },
        TaskTemplate: { ContainerSpec: { Image: image } },
      })
      expect(await refusal(fleet.deploy(order({ name: 'gallery-network', replicas: 1 }), 'ann'))).toBe(
        'fleet.service-exists',
      )
      expect(await refusal(fleet.deploy(order({ name: 'gallery', replicas: 1 }), 'ann'))).toBe('fleet.service-exists')
      expect(await refusal(fleet.removeService({ id: 'gallery-network' }, 'ann'))).toBe('fleet.no-service')
      const names = (await at(0).client.listServices()).map(({ Spec }) => Spec?.Name)
      expect(names).toContain('gallery-network')
      await at(0).client.getService(others.id).remove()
    })

    test('listen to nobody outside: no port of a node is open but the Swarm’s own', () => {
      for (const { namespace } of engines.engines) {
        const { stdout } = spawnSync('nsenter', [`--net=${namespace}`, 'cat', '/proc/net/tcp', '/proc/net/tcp6'], {
          encoding: 'utf8',
        })
        // State 0A is listening; addresses are hexadecimal.
        const ports = [...stdout.matchAll(/^\s*\d+: [0-9A-F]+:([0-9A-F]{4}) [0-9A-F]+:[0-9A-F]{4} 0A /gm)].map(
          ([, port = '']) => Number.parseInt(port, 16),
        )
        expect(ports.filter((port) => ![2377, 7946].includes(port))).toEqual([])
      }
    })

    test('keep a node from leaving until it is drained, and wait then for another card', async () => {
      const studio = (await fleet.get()).nodes.find(({ name }) => name === 'studio')
      if (!studio) throw new Error('no studio')
      expect(studio.services).toEqual(['comfyui'])
      expect(await refusal(fleet.removeNode({ id: studio.id }, 'ann'))).toBe('fleet.not-drained')
      await fleet.changeNode({ id: studio.id, availability: 'drain' }, 'ann')
      await until('the node to be empty', async () => {
        const now = (await fleet.get()).nodes.find(({ id }) => id === studio.id)
        return now?.services.length === 0
      })
      const waiting = await until('two to wait', async () => {
        const now = (await replicas()).filter(({ state }) => state === 'waiting')
        return now.length === 2 && now.every(({ words }) => words !== null) ? now : null
      })
      expect(waiting[0]?.words).toContain('no suitable node')
      await fleet.changeNode({ id: studio.id, availability: 'active' }, 'ann')
      await running(3)
    })

    test('are handed a new secret one by one, wherever Regie is killed, and keep the former one where it fails', async () => {
      expect(await refusal(fleet.handOut({ id: 'comfyui' }, 'ann'))).toBe('fleet.replica-waits')
      await fleet.scale({ id: 'comfyui', replicas: 3 }, 'ann')
      await until('none to wait', async () => (await replicas()).every(({ state }) => state === 'running'))
      const former = secret
      secret = '$2b$12$another-made-up-hash'
      const files = [Buffer.from(secret)]
      const machine = seen.machines[0]
      const [service] = await at(0).client.listServices({ filters: { name: ['comfyui'] } })
      if (!machine || !service) throw new Error('no service')
      const text = await readFile(path.join(folder.path, 'stacks/comfyui-qwen/compose.yaml'), 'utf8')
      const own = () =>
        secretHands(
          { machine, docker: at(0).client },
          {
            ...{ id: service.ID, name: 'comfyui', places: secretPlaces(text, templateOf('comfyui-qwen')) },
            lend: (use) => use(files),
          },
          asItIs,
        )
      for (const [step, after] of kills) {
        const { hands } = killedAt(own(), { step, nth: 1, after })
        await expect(handOut(hands, versionFingerprint(files)), `${step} ${after}`).rejects.toThrow(Killed)
      }
      expect((await fleet.handOut({ id: 'comfyui' }, 'ann')).outcome).toBe('handed-out')
      expect(await inContainers()).toEqual([secret, secret, secret])
      expect(await at(0).client.listSecrets()).toHaveLength(1)

      // A file without a password opens the service to everybody, which its check refuses.
      const good = secret
      secret = '\n'
      expect((await fleet.handOut({ id: 'comfyui' }, 'ann')).outcome).toBe('rolled-back')
      expect(await inContainers()).toEqual([good, good, good])
      expect(await at(0).client.listSecrets()).toHaveLength(1)
      expect(seen.audit.join()).not.toContain(former)
    }, 300_000)

    test('wait where no node is what they ask for, and leave nothing behind when they are removed', async () => {
      await fleet.scale({ id: 'comfyui', replicas: 0 }, 'ann')
      await until('the cards to be free', async () => (await replicas()).length === 0)
      await fleet.deploy(order({ name: 'large', vram: 48, models: ['qwen-image'], replicas: 1 }), 'ann')
      const waits = await until('it to wait', async () => (await replicas('large')).find(({ words }) => words !== null))
      expect(waits).toMatchObject({
        state: 'waiting',
        words: 'no suitable node (scheduling constraints not satisfied on 3 nodes)',
      })
      expect(await refusal(fleet.deploy(order({ name: 'large' }), 'ann'))).toBe('fleet.service-exists')
      expect(await refusal(fleet.removeService({ id: 'other' }, 'ann'))).toBe('fleet.no-service')
      for (const name of ['large', 'comfyui']) await fleet.removeService({ id: name }, 'ann')
      expect(await fleet.services()).toEqual([])
      expect(await at(0).client.listSecrets()).toEqual([])
      await until('every container to be gone', async () => {
        const left = await Promise.all(engines.engines.map(({ client }) => client.listContainers({ all: true })))
        return left.flat().length === 0
      })
    })
  })
}
