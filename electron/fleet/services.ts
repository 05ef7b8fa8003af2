import { createHash, randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import type { FleetOrder, FleetService } from '../../shared/contract'
import { Problem } from '../../shared/problems'
import type { Serial } from '../async/serial'
import type { Redact } from '../logs/cutting'
import { templateOf, type StackTemplate } from '../stacks/templates'
import { CreatedAnswer, readAll, SecretAnswer, WholeService, type ServiceAnswer } from './answers'
import { acted, asked, rosterOf } from './asking'
import { lookAtFleet, type LookNeeds, type Member } from './look'
import { isOurs, serviceOf } from './replicas'
import { settles } from './settles'
import { fleetLabels, fleetNetwork, secretPlaces, serviceSpec, type PlacedSecret, type SecretPlace } from './spec'

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

/** A name that no secret has yet: those of a version are made whole, or taken back. */
const secretName = (service: string, target: string) =>
  `regie-${service}-${createHash('sha256').update(target).digest('hex').slice(0, 6)}-${randomBytes(6).toString('hex')}`

/** Hands a secret to the Swarm, which keeps it sealed and gives it to nobody but the replicas. */
async function makeSecret(
  { machine, docker }: Member,
  { service, target, bytes }: { service: string; target: string; bytes: Buffer },
  redact: Redact,
): Promise<PlacedSecret> {
  const name = secretName(service, target)
  const Labels = { [fleetLabels.service]: service, [fleetLabels.target]: target }
  const answer: unknown = await asked(machine, redact, () =>
    // Without `_query` dockerode puts all of it into the address, where logs would have it.
    docker.createSecret({ _query: {}, _body: { Name: name, Labels, Data: bytes.toString('base64') } }),
  )
  return { id: CreatedAnswer.parse(answer).ID, name, target }
}

/** Removes secrets once no replica has them any more. */
async function removeSecrets({ machine, docker }: Member, ids: readonly string[], redact: Redact): Promise<void> {
  for (const id of ids) {
    const isRemoved = () =>
      asked(machine, redact, () => docker.getSecret(id).remove()).then(
        () => true,
        (error: unknown) => {
          if (error instanceof Problem) return /not found/i.test(error.message)
          throw error
        },
      )
    if (!(await settles(isRemoved))) throw new Problem('fleet.secret-stays')
  }
}

async function secretsOf({ machine, docker }: Member, service: string, redact: Redact): Promise<string[]> {
  const answer: unknown = await asked(machine, redact, () =>
    docker.listSecrets({ filters: { label: [`${fleetLabels.service}=${service}`] } }),
  )
  return readAll(SecretAnswer, answer).flatMap(({ ID, Spec }) =>
    Spec.Labels?.[fleetLabels.service] === service ? [ID] : [],
  )
}

/** Hands out the secrets and makes the service; what was made is taken back where the rest fails. */
async function place(manager: Member, order: FleetOrder, needs: FleetServicesNeeds): Promise<void> {
  const { redact, templates, lendFiles } = needs
  const template = templateOf(order.stackId)
  const composeFile = await readFile(path.join(templates, order.stackId, 'compose.yaml'), 'utf8')
  const places = secretPlaces(composeFile, template, order)
  await ensureNetwork(manager, redact)
  const secrets: PlacedSecret[] = []
  try {
    await lendFiles(order.credentialId, template, places, async (files) => {
      for (const [at, { target }] of places.entries()) {
        const bytes = files[at]
        if (!bytes) throw new Error(`no secret for ${target}`)
        secrets.push(await makeSecret(manager, { service: order.name, target, bytes }, redact))
      }
    })
    const spec = serviceSpec(composeFile, template, { order, secrets })
    await acted(manager.machine, redact, (options) => manager.docker.createService({ ...options, ...spec }))
  } catch (error) {
    await removeSecrets(
      manager,
      secrets.map(({ id }) => id),
      redact,
    ).catch(() => undefined)
    throw error
  }
}

/** Says the spec of a service again, with a change; dockerode would put all of it into the address. */
async function changeSpec(
  { machine, docker }: Member,
  id: string,
  change: (spec: Record<string, unknown>) => Record<string, unknown>,
  redact: Redact,
): Promise<void> {
  const service = docker.getService(id)
  const answer: unknown = await asked(machine, redact, () => service.inspect())
  const { Version, Spec } = WholeService.parse(answer)
  await acted(machine, redact, () => service.update({ _query: { version: Version.Index }, _body: change(Spec) }))
}

/** The services on the Swarm. The Swarm itself keeps what they are, in its specs and labels. */
export function createFleetServices(needs: FleetServicesNeeds, inTurn: Serial) {
  const { redact, auditFirst } = needs
  const shown = async (name: string): Promise<FleetService> => {
    const { services, tasks, nodes } = await rosterNow(needs)
    return serviceOf(serviceIn(services, name), tasks, nodes)
  }
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
        if (services.some(({ Spec }) => Spec.Name === order.name))
          throw new Problem('fleet.service-exists', { name: order.name })
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
        await removeSecrets(manager, await secretsOf(manager, name, redact), redact)
      }),
  }
}
