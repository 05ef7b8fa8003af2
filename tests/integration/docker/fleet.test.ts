import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { FleetRoom } from '../../../electron/fleet'
import type { Fleet } from '../../../shared/contract'
import { fleetEngines, fleetMissing, madeUpGpu, type FleetEngines } from '../../support/docker/fleet-engines'
import { fleetOver, machineOver, refusal } from '../../support/fleet'
import { until } from '../../support/until'

const missing = fleetMissing()

const nodeNamed = ({ nodes }: Fleet, name: string) => {
  const found = nodes.find((node) => node.name === name)
  if (!found) throw new Error(`no node ${name}`)
  return found
}
const stateOf = ({ machines }: Fleet, id: string) => machines.find((machine) => machine.id === id)?.state
if (missing) test('a Swarm of three machines', ({ skip }) => skip(missing))
else
  describe('a Swarm of three machines', () => {
    let engines: FleetEngines
    let seen: ReturnType<typeof fleetOver>['seen']
    let fleet: FleetRoom
    const at = (number: number) => {
      const engine = engines.engines[number]
      if (!engine) throw new Error(`no engine ${number}`)
      return engine
    }
    beforeAll(async () => {
      engines = await fleetEngines([
        { name: 'atelier', gpus: [madeUpGpu(1)] },
        { name: 'studio', gpus: [madeUpGpu(2), madeUpGpu(3)] },
        { name: 'loft', gpus: [madeUpGpu(4), madeUpGpu(5)] },
      ])
      ;({ fleet, seen } = fleetOver(engines.engines))
    })
    afterAll(() => engines.remove())

    test('is made, joined, drained, changed and left, each time as Swarm itself then tells it', async () => {
      expect(await fleet.get()).toMatchObject({ state: 'none', nodes: [], managerId: null })
      expect(fleet.plan('atelier')).toMatchObject({
        refused: null,
        ports: [{ port: 2377 }, { port: 7946 }, { port: 4789 }],
      })

      const made = await fleet.init({ machineId: 'atelier', address: at(0).address }, 'ann')
      expect(made).toMatchObject({ state: 'manager', managerId: 'atelier' })
      expect(nodeNamed(made, 'atelier')).toMatchObject({
        ...{ machineId: 'atelier', role: 'manager', isLeader: true, state: 'ready', reachability: 'reachable' },
        ...{ address: at(0).address, resources: [{ kind: 'NVIDIA-GPU', value: madeUpGpu(1) }] },
      })
      expect(await refusal(fleet.init({ machineId: 'studio', address: at(1).address }, 'ann'))).toBe(
        'fleet.there-is-one',
      )

      await fleet.join({ machineId: 'studio', address: at(1).address, role: 'worker' }, 'ann')
      const joined = await fleet.join({ machineId: 'loft', address: at(2).address, role: 'manager' }, 'ann')
      expect(nodeNamed(joined, 'studio')).toMatchObject({ role: 'worker', reachability: null })
      expect(nodeNamed(joined, 'studio').resources).toHaveLength(2)
      expect(await refusal(fleet.join({ machineId: 'loft', address: at(2).address, role: 'worker' }, 'ann'))).toBe(
        'fleet.already',
      )
      const whole = await until('all nodes to be ready', async () => {
        const now = await fleet.get()
        return now.nodes.length === 3 && now.nodes.every(({ state }) => state === 'ready') ? now : null
      })
      expect(whole.nodes.map(({ name, role }) => `${name} ${role}`)).toEqual([
        'atelier manager',
        'loft manager',
        'studio worker',
      ])
      expect(nodeNamed(whole, 'loft').engine).toMatchObject({ skew: 'same' })

      const { id } = nodeNamed(whole, 'studio')
      const labels = { vram: 48, computeCapability: '8.6', models: ['qwen-image'] }
      const drained = await fleet.changeNode({ id, availability: 'drain', labels }, 'ann')
      expect(nodeNamed(drained, 'studio')).toMatchObject({ availability: 'drain', labels })
      const active = await fleet.changeNode({ id, availability: 'active', labels: { vram: null } }, 'ann')
      expect(nodeNamed(active, 'studio')).toMatchObject({
        availability: 'active',
        labels: { vram: null, computeCapability: '8.6', models: ['qwen-image'] },
      })
    })

    test('no token that lets a machine in is in an answer or the audit log', async () => {
      const swarm: unknown = await at(0).client.swarmInspect()
      expect(JSON.stringify(swarm)).toContain('SWMTKN-')
      const said = JSON.stringify([await fleet.get(), seen.audit])
      expect(said).not.toContain('SWMTKN-')
      expect(seen.audit.map((entry) => (JSON.parse(entry) as { action: string }).action)).toEqual([
        ...['fleet.made', 'fleet.joined', 'fleet.joined', 'fleet.node-changed', 'fleet.node-changed'],
      ])
    })

    test('a node is told what it lacks to give its cards to services', async () => {
      const { id } = nodeNamed(await fleet.get(), 'studio')
      const { needs } = await fleet.preparation(id)
      expect(needs.map((need) => [need.id, need.state])).toEqual([
        ['resources', 'ok'],
        ['runtime', 'missing'],
        ['hook', 'unknown'],
      ])
      seen.machines = seen.machines.map((machine) =>
        machine.id === 'studio' ? machineOver({ ...at(1), gpus: [madeUpGpu(2), madeUpGpu(9)] }) : machine,
      )
      const other = await fleet.preparation(id)
      expect(other.needs[0]).toMatchObject({
        state: 'missing',
        lines: `"node-generic-resources": ["NVIDIA-GPU=${madeUpGpu(2)}","NVIDIA-GPU=${madeUpGpu(9)}"]`,
      })
      seen.machines = seen.machines.map((machine) => (machine.id === 'studio' ? machineOver(at(1)) : machine))
    })

    test('an engine of Docker Desktop is refused as a node, by name, and a machine that is away is unknown', async () => {
      const { engine } = machineOver(at(1))
      if (!engine) throw new Error('no engine')
      const desk = machineOver(at(1), {
        id: 'desk',
        name: 'desk',
        engine: { ...engine, operatingSystem: 'Docker Desktop' },
      })
      seen.machines = [...seen.machines, desk, machineOver(at(1), { id: 'gone', name: 'gone', state: 'away' })]
      const now = await fleet.get()
      expect([stateOf(now, 'desk'), stateOf(now, 'gone'), stateOf(now, 'studio')]).toEqual([
        'refused',
        'unknown',
        'worker',
      ])
      const address = '10.77.0.9'
      expect(await refusal(fleet.join({ machineId: 'desk', address, role: 'worker' }, 'ann'))).toBe('fleet.desktop')
      expect(await refusal(fleet.join({ machineId: 'gone', address, role: 'worker' }, 'ann'))).toBe(
        'fleet.machine-away',
      )
      expect(fleet.plan('desk').refused?.problem).toBe('fleet.desktop')
      seen.machines = seen.machines.slice(0, 3)
    })

    test('the managers are never lost without the word for it, and a node with services stays', async () => {
      const before = await fleet.get()
      const { id: atelier } = nodeNamed(before, 'atelier')
      const { id: loft } = nodeNamed(before, 'loft')
      const { id: studio } = nodeNamed(before, 'studio')
      const service = await at(0).client.createService({
        Name: 'waits',
        Mode: { Replicated: { Replicas: 1 } },
        TaskTemplate: {
          ContainerSpec: { Image: 'nothing-of-that-name:1' },
          Placement: { Constraints: ['node.hostname==studio'] },
          RestartPolicy: { Condition: 'any', Delay: 0 },
        },
      })
      const refused = await until('a node with a task to be refused', async () => {
        const said = nodeNamed(await fleet.get(), 'studio').services
        return said.length > 0 ? said : null
      })
      expect(refused).toEqual(['waits'])
      await at(0).client.getService(service.id).remove()

      // Two managers: one that leaves by itself is no loss, and the other is then the last.
      await until(
        'nothing to run on the node',
        async () => nodeNamed(await fleet.get(), 'studio').services.length === 0,
      )
      const left = await fleet.removeNode({ id: loft }, 'ann')
      expect(left.nodes.map(({ name }) => name)).toEqual(['atelier', 'studio'])
      expect(stateOf(left, 'loft')).toBe('none')
      expect(await refusal(fleet.changeNode({ id: atelier, role: 'worker' }, 'ann'))).toBe('fleet.last-manager')
      expect(await refusal(fleet.removeNode({ id: atelier }, 'ann'))).toBe('fleet.last-manager')
      expect(await refusal(fleet.removeNode({ id: atelier, evenIfLost: 'studio' }, 'ann'))).toBe('fleet.last-manager')

      // A node whose machine is not attached is no longer reached, and is not thrown out while it works.
      const attached = seen.machines
      seen.machines = seen.machines.filter((machine) => machine.id !== 'studio')
      expect(await refusal(fleet.removeNode({ id: studio }, 'ann'))).toBe('fleet.node-not-attached')
      seen.machines = attached
      await fleet.removeNode({ id: studio }, 'ann')
      const dissolved = await fleet.removeNode({ id: atelier, evenIfLost: 'atelier' }, 'ann')
      expect(dissolved).toMatchObject({ state: 'none', nodes: [] })
    })
  })
