import type Dockerode from 'dockerode'
import type { Machine, MachineAddress, MachineGpus, MachineTest } from '../../shared/contract'
import { Problem } from '../../shared/problems'
import type { Engine } from '../docker/engine'
import { askCards } from './cards'
import { isSameAddress, localId, readEntries, type EntryStore, type MachineEntry } from './entries'
export { localView } from './machine'
import { createMachine, engineAt, testEngine, type AttachedMachine, type MachineNeeds } from './machine'
import { reachingOf } from './reaching'

/** So many are attached at most. */
const mostMachines = 64

export interface MachinesNeeds extends MachineNeeds {
  store: EntryStore
  /** Regie's own machine, as it is now, its engine, and its cards looked at now. */
  local: () => Machine
  localEngine: Engine
  localGpus: () => Promise<MachineGpus>
  auditFirst: (entry: { who: string; action: string; target: string; details: Record<string, string> }) => Promise<void>
}

export type Machines = ReturnType<typeof createMachines>

const told = (address: MachineAddress): Record<string, string> =>
  address.by === 'context' ? { context: address.context } : { address: address.address }

/** Those that are attached, as the configuration file has them. */
function createAttached(store: EntryStore, needs: MachineNeeds) {
  const { entries, unreadable } = readEntries(store)
  const machines = new Map<string, AttachedMachine>(entries.map((entry) => [entry.id, createMachine(entry, needs)]))
  const write = () => store.write([...[...machines.values()].map((machine) => machine.entry()), ...unreadable])
  return {
    all: () => [...machines.values()],
    has: (id: string) => machines.has(id),
    write,
    of(id: string): AttachedMachine {
      const found = machines.get(id)
      if (!found) throw new Problem(id === localId ? 'machine.local' : 'machine.unknown', { id })
      return found
    },
    assertNew(address: MachineAddress, but: string | null) {
      const entry = [...machines.values()]
        .map((machine) => machine.entry())
        .find((one) => one.id !== but && isSameAddress(one.address, address))
      if (entry) throw new Problem('machine.same-address', { id: entry.id })
    },
    /** Takes one in; reached another way it is a machine of its own, and the former engine is let go. */
    async put(entry: MachineEntry): Promise<void> {
      const former = machines.get(entry.id)
      machines.set(entry.id, createMachine(entry, needs))
      write()
      await former?.close()
    },
    async drop(id: string): Promise<void> {
      const former = machines.get(id)
      machines.delete(id)
      write()
      await former?.close()
    },
  }
}

/**
 * The machines beside Regie's own: each has an engine of its own, looked for by itself, so that one that is away or slow
 * never delays another. Attaching one changes nothing on it.
 */
export function createMachines({ store, local, localEngine, localGpus, auditFirst, ...needs }: MachinesNeeds) {
  const attached = createAttached(store, needs)

  return {
    list: (): Machine[] => [local(), ...attached.all().map((machine) => machine.view())],
    async create(
      { id, name = id, address }: { id: string; name?: string | undefined; address: MachineAddress },
      who: string,
    ): Promise<Machine> {
      const assertFree = () => {
        if (id === localId || attached.has(id)) throw new Problem('machine.exists', { id })
        if (attached.all().length >= mostMachines) throw new Problem('machine.too-many', { most: mostMachines })
        attached.assertNew(address, null)
      }
      assertFree()
      await auditFirst({ who, action: 'machine.attached', target: id, details: told(address) })
      // Somebody else may have been quicker.
      assertFree()
      await attached.put({ id, name, address })
      return attached.of(id).view()
    },
    async update(
      { id, name, address }: { id: string; name?: string | undefined; address?: MachineAddress | undefined },
      who: string,
    ): Promise<Machine> {
      attached.of(id)
      if (address) attached.assertNew(address, id)
      const details = { ...(name !== undefined && { name }), ...(address && told(address)) }
      await auditFirst({ who, action: 'machine.changed', target: id, details })
      const machine = attached.of(id)
      if (name !== undefined) machine.rename(name)
      if (address) await attached.put({ ...machine.entry(), address })
      else attached.write()
      return attached.of(id).view()
    },
    async remove(id: string, who: string): Promise<void> {
      const { address } = attached.of(id).entry()
      await auditFirst({ who, action: 'machine.detached', target: id, details: told(address) })
      await attached.drop(id)
    },
    /** The engine of a machine. Throws a Problem where there is none of that name, or it does not answer. */
    client: (id: string): Promise<Dockerode> => (id === localId ? localEngine : attached.of(id).engine).client(),
    async reconnect(id: string): Promise<Machine> {
      if (id === localId) {
        await localEngine.reconnect()
        return local()
      }
      await attached.of(id).engine.reconnect()
      return attached.of(id).view()
    },
    test: (id: string): Promise<MachineTest> =>
      id === localId ? testEngine(localEngine, localGpus) : attached.of(id).test(),
    /** Looks at an address as if it were attached, and leaves nothing behind. */
    testAddress: (address: MachineAddress): Promise<MachineTest> => testAddress(address, needs),
    async close(): Promise<void> {
      await Promise.all(attached.all().map((machine) => machine.close()))
    },
  }
}

async function testAddress(address: MachineAddress, needs: MachineNeeds): Promise<MachineTest> {
  const engine = engineAt({ address }, needs)
  const { env } = reachingOf(address, needs.env ?? process.env)
  const { signal } = new AbortController()
  try {
    return await testEngine(engine, (at) => askCards(at, env, needs.redact, signal))
  } finally {
    await engine.close()
  }
}
