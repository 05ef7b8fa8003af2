import { readFile } from 'node:fs/promises'
import path from 'node:path'
import type { FleetHandOut, FleetOrder, FleetService, StackId } from '../../shared/contract'
import { Problem } from '../../shared/problems'
import type { Serial } from '../async/serial'
import { engineError } from '../docker/exec'
import type { Redact } from '../logs/cutting'
import { templateOf, type StackTemplate } from '../stacks/templates'
import { CreatedAnswer, readAll, TaskAnswer, type ServiceAnswer } from './answers'
import { acted, asked, rosterOf } from './asking'
import { lookAtFleet, type LookNeeds, type Member } from './look'
import { isHolderOf, isOurs, serviceOf, stateOf } from './replicas'
import { handOut } from './hand-out'
import { changeSpec, makeVersion, removeSecrets, secretHands, secretsOf, versionFingerprint } from './secrets'
import { settles } from './settles'
import {
  fleetNetwork,
  holderOf,
  holderSpec,
  secretPlaces,
  serviceSpec,
  type PlacedSecret,
  type SecretPlace,
} from './spec'

export interface FleetServicesNeeds extends LookNeeds {
  /** Folder that holds the ready-made stacks. */
  templates: string
  /** The bytes that a credential's secret has at each of these places. Lent for one call: whoever asks keeps none. */
  lendFiles: <T>(
    credentialId: string,
    stack: StackTemplate,
    places: readonly SecretPlace[],
    use: (files: readonly Buffer[]) => Promise<T>,
  ) => Promise<T>
  auditFirst: (entry: { who: string; action: string; target: string; details: Record<string, string> }) => Promise<void>
  /** Told of what could not be taken back. */
  reportBug: (error: unknown) => void
}

/** The manager, with what it says of nodes, tasks and services. */
async function rosterNow(needs: LookNeeds) {
  const { manager } = await lookAtFleet(needs)
  if (!manager) throw new Problem('fleet.no-manager')
  const roster = await asked(manager.machine, needs.redact, (options) => rosterOf(manager.docker, options))
  return { manager, ...roster }
}

function serviceIn(services: readonly ServiceAnswer[], name: string): ServiceAnswer {
  const found = services.find((service) => service.Spec.Name === name)
  // What others run on the Swarm is shown to nobody here, and touched by nobody.
  if (!found || !isOurs(found)) throw new Problem('fleet.no-service', { name })
  return found
}

async function ensureNetwork({ machine, docker }: Member, redact: Redact): Promise<void> {
  const isThere = await asked(machine, redact, async () => {
    const found = await docker.listNetworks({ filters: { name: [fleetNetwork], driver: ['overlay'] } })
    return found.some(({ Name }) => Name === fleetNetwork)
  })
  if (!isThere)
    await acted(machine, redact, () =>
      docker.createNetwork({ Name: fleetNetwork, Driver: 'overlay', CheckDuplicate: true }),
    )
}

const composeFileOf = (templates: string, stackId: StackId) =>
  readFile(path.join(templates, stackId, 'compose.yaml'), 'utf8')

/** Whether the network is on every node that works; where it is not, the service comes up all the same, only later. */
async function isHeld({ machine, docker }: Member, service: string, redact: Redact): Promise<boolean> {
  const answer: unknown = await asked(machine, redact, () =>
    docker.listTasks({ filters: { service: [holderOf(service)] } }),
  )
  const states = readAll(TaskAnswer, answer).map(stateOf)
  return states.length > 0 && states.every((state) => state === 'running' || state === null)
}

async function removeHolder({ machine, docker }: Member, id: string, redact: Redact): Promise<void> {
  await acted(machine, redact, async () => {
    try {
      await docker.getService(id).remove()
    } catch (error) {
      if (engineError(error).status !== 404) throw error
    }
  })
}

/** Hands out the secrets and makes the service; what was made is taken back where the rest fails. */
async function place(manager: Member, order: FleetOrder, needs: FleetServicesNeeds): Promise<void> {
  const { redact, templates, lendFiles } = needs
  const template = templateOf(order.stackId)
  const composeFile = await composeFileOf(templates, order.stackId)
  const places = secretPlaces(composeFile, template)
  await ensureNetwork(manager, redact)
  const secrets: PlacedSecret[] = []
  let holder: string | null = null
  try {
    await lendFiles(order.credentialId, template, places, (files) =>
      makeVersion(manager, { service: order.name, places, files, made: secrets }, redact),
    )
    const spec = serviceSpec(composeFile, template, { order, secrets })
    const { Image, User } = spec.TaskTemplate.ContainerSpec
    const held: unknown = await acted(manager.machine, redact, () =>
      manager.docker.createService(holderSpec(order.name, Image, User)),
    )
    holder = CreatedAnswer.parse(held).ID
    await settles(() => isHeld(manager, order.name, redact))
    await acted(manager.machine, redact, (options) => manager.docker.createService({ ...options, ...spec }))
  } catch (error) {
    const ids = secrets.map(({ id }) => id)
    // What went wrong is told; what could not be taken back either is noted.
    if (holder !== null) await removeHolder(manager, holder, redact).catch(needs.reportBug)
    await removeSecrets(manager, ids, redact).catch(needs.reportBug)
    throw error
  }
}

async function shownOf(needs: LookNeeds, name: string): Promise<FleetService> {
  const { services, tasks, nodes } = await rosterNow(needs)
  return serviceOf(serviceIn(services, name), tasks, nodes)
}

/** The services on the Swarm. The Swarm itself keeps what they are, in its specs and labels. */
export function createFleetServices(needs: FleetServicesNeeds, inTurn: Serial) {
  const { redact, auditFirst } = needs
  const shown = (name: string) => shownOf(needs, name)
  return {
    async services(): Promise<FleetService[]> {
      const { fleet } = await lookAtFleet(needs)
      if (fleet.state === 'none') return []
      const { services, tasks, nodes } = await rosterNow(needs)
      return services
        .filter(isOurs)
        .map((service) => serviceOf(service, tasks, nodes))
        .sort((a, b) => a.name.localeCompare(b.name))
    },
    deploy: (order: FleetOrder, who: string): Promise<FleetService> =>
      inTurn(async () => {
        const { manager, services } = await rosterNow(needs)
        const taken = services.find(({ Spec }) => Spec.Name === order.name || Spec.Name === holderOf(order.name))
        if (taken) throw new Problem('fleet.service-exists', { name: taken.Spec.Name })
        const { name, stackId, credentialId, replicas } = order
        const details = { stack: stackId, credential: credentialId, replicas: String(replicas) }
        await auditFirst({ who, action: 'fleet.deployed', target: name, details })
        await place(manager, order, needs)
        return shown(name)
      }),
    scale: ({ id: name, replicas }: { id: string; replicas: number }, who: string): Promise<FleetService> =>
      inTurn(async () => {
        const { manager, services } = await rosterNow(needs)
        const { ID } = serviceIn(services, name)
        await auditFirst({ who, action: 'fleet.scaled', target: name, details: { replicas: String(replicas) } })
        await changeSpec(manager, ID, (spec) => ({ ...spec, Mode: { Replicated: { Replicas: replicas } } }), redact)
        return shown(name)
      }),
    removeService: ({ id: name }: { id: string }, who: string): Promise<void> =>
      inTurn(async () => {
        const { manager, services } = await rosterNow(needs)
        const { ID } = serviceIn(services, name)
        await auditFirst({ who, action: 'fleet.service-removed', target: name, details: {} })
        await acted(manager.machine, redact, () => manager.docker.getService(ID).remove())
        const holder = services.find((service) => isHolderOf(service, name))
        if (holder) await removeHolder(manager, holder.ID, redact)
        const secrets = await secretsOf(manager, name, redact)
        await removeSecrets(
          manager,
          secrets.map(({ ID }) => ID),
          redact,
        )
      }),
  }
}

/** Handing out secrets takes minutes: nothing else of the fleet waits for it. */
export function createHandingOut(needs: FleetServicesNeeds) {
  const handingOut = new Set<string>()
  return {
    /**
     * Hands out the secret that the credential has now. Swarm replaces one replica after the other, and goes back by itself
     * where one does not come up; then all of them have the former one. Ends as the Swarm does; what is cut off is ended by
     * the next time.
     */
    async handOut({ id: name }: { id: string }, who: string): Promise<FleetHandOut> {
      const { manager, services, tasks, nodes } = await rosterNow(needs)
      const service = serviceIn(services, name)
      const { stackId, credentialId, update, replicas } = serviceOf(service, tasks, nodes)
      if (stackId === null || credentialId === null) throw new Problem('fleet.no-service', { name })
      const isUnderWay = update === 'updating' || update === 'rolling-back' || update === 'paused'
      // Swarm replaces replicas in turn, and would wait for ever for one that finds no place.
      const waits = isUnderWay ? undefined : replicas.find(({ state }) => state === 'waiting')
      if (waits) throw new Problem('fleet.replica-waits', { name, words: waits.words ?? '–' })
      if (handingOut.has(name)) throw new Problem('fleet.handing-out', { name })
      handingOut.add(name)
      try {
        await needs.auditFirst({
          who,
          action: 'fleet.secret-handed-out',
          target: name,
          details: { credential: credentialId },
        })
        const template = templateOf(stackId)
        const places = secretPlaces(await composeFileOf(needs.templates, stackId), template)
        const lend = <T>(use: (files: readonly Buffer[]) => Promise<T>) =>
          needs.lendFiles(credentialId, template, places, use)
        const wanted = await lend((files) => Promise.resolve(versionFingerprint(files)))
        const hands = secretHands(manager, { id: service.ID, name, places, lend }, needs.redact)
        const outcome = await handOut(hands, wanted)
        return { outcome, service: await shownOf(needs, name) }
      } finally {
        handingOut.delete(name)
      }
    },
  }
}
