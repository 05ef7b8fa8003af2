import type { FleetNeed, FleetNode, FleetPreparation, MachineGpus } from '../../shared/contract'
import { reason } from '../../shared/problems'

/** What Swarm calls a card, after the words of Docker's own documentation. */
export const gpuKind = 'NVIDIA-GPU'

const daemonFile = '/etc/docker/daemon.json'
/**
 * The name must be that of the variable in which Swarm tells the card. From 1.18 on NVIDIA's runtime passed over it, until
 * 1.19: https://github.com/NVIDIA/nvidia-container-toolkit/issues/1599
 */
const hookFile = '/etc/nvidia-container-runtime/config.toml'

/** What is known of a node's machine; null where none is attached. */
export interface NodeMachine {
  id: string
  name: string
  gpus: MachineGpus
  /** The runtime that its engine uses where none is named; null: it does not answer. */
  defaultRuntime: string | null
}

/** A card by its UUID, as nvidia-smi and daemon.json both write it; Swarm takes the beginning of one too. */
const names = (value: string, uuid: string) => {
  const [a, b] = [value.toLowerCase(), uuid.toLowerCase()]
  return a !== '' && b.startsWith(a)
}

function resourcesNeed(node: FleetNode, machine: NodeMachine | null): FleetNeed {
  const offered = node.resources.filter(({ kind }) => kind === gpuKind).map(({ value }) => value)
  const about = { id: 'resources', file: daemonFile } as const
  const cards = machine?.gpus.cards ?? []
  if (!machine || machine.gpus.state === 'unknown' || cards.length === 0) {
    const cardless = machine?.gpus.state === 'none'
    if (cardless && offered.length === 0)
      return { ...about, state: 'ok', words: reason('fleet.no-cards', { node: node.name }), lines: null }
    const words = reason('fleet.cards-unknown', { node: node.name, cards: offered.join(', ') || '–' })
    return { ...about, state: 'unknown', words, lines: null }
  }
  const lines = `"node-generic-resources": ${JSON.stringify(cards.map(({ uuid }) => `${gpuKind}=${uuid}`))}`
  const missing = cards.filter(({ uuid }) => !offered.some((value) => names(value, uuid)))
  const foreign = offered.filter((value) => !cards.some(({ uuid }) => names(value, uuid)))
  if (missing.length > 0) {
    const words = reason('fleet.cards-missing', {
      node: node.name,
      cards: missing.map(({ name, uuid }) => `${name} ${uuid}`).join(', '),
    })
    return { ...about, state: 'missing', words, lines }
  }
  if (foreign.length > 0) {
    const words = reason('fleet.cards-foreign', { node: node.name, cards: foreign.join(', ') })
    return { ...about, state: 'missing', words, lines }
  }
  return { ...about, state: 'ok', words: reason('fleet.cards-offered', { count: cards.length }), lines }
}

function runtimeNeed(node: FleetNode, machine: NodeMachine | null): FleetNeed {
  const about = { id: 'runtime', file: daemonFile, lines: '"default-runtime": "nvidia"' } as const
  const runtime = machine?.defaultRuntime ?? null
  if (runtime === null)
    return { ...about, state: 'unknown', words: reason('fleet.runtime-unknown', { node: node.name }) }
  return runtime === 'nvidia'
    ? { ...about, state: 'ok', words: reason('fleet.runtime-nvidia') }
    : { ...about, state: 'missing', words: reason('fleet.runtime-other', { runtime }) }
}

/**
 * What a node needs to give its cards to services, with the lines of its machine's own cards, and whether it has it now:
 * cards as the node describes itself, the runtime as its engine says. No engine tells of the hook's file.
 */
export function preparationOf(node: FleetNode, machine: NodeMachine | null): FleetPreparation {
  const hook: FleetNeed = {
    ...{ id: 'hook', state: 'unknown', words: reason('fleet.hook'), file: hookFile },
    lines: `swarm-resource = "DOCKER_RESOURCE_${gpuKind}"`,
  }
  return {
    ...{ nodeId: node.id, machineId: machine?.id ?? null, command: 'sudo systemctl restart docker' },
    needs: [resourcesNeed(node, machine), runtimeNeed(node, machine), hook],
  }
}
