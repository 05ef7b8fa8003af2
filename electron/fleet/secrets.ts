import { randomBytes } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import type * as z from 'zod'
import { Problem } from '../../shared/problems'
import type { Redact } from '../logs/cutting'
import { fingerprint } from '../vault/fingerprint'
import { CreatedAnswer, readAll, SecretAnswer, SpecWithSecrets, TaskAnswer, WholeService } from './answers'
import { acted, asked } from './asking'
import type { SecretHands, SecretVersion } from './hand-out'
import type { Member } from './look'
import { stateOf, updateOf } from './replicas'
import { settles } from './settles'
import { fleetLabels, type PlacedSecret, type SecretPlace } from './spec'

/** Of all files of a version at once: what tells whether a service has the secret that its credential has. */
export const versionFingerprint = (files: readonly Buffer[]): string =>
  fingerprint(files.map((file) => file.toString('base64')).join('\n'))

/**
 * Hands one version of a secret to the Swarm, which keeps it sealed and gives it to nobody but the replicas. `made` is what
 * is there, also where the rest fails.
 */
export async function makeVersion(
  { machine, docker }: Member,
  {
    service,
    places,
    files,
    made,
  }: { service: string; places: readonly SecretPlace[]; files: readonly Buffer[]; made: PlacedSecret[] },
  redact: Redact,
): Promise<void> {
  const version = randomBytes(6).toString('hex')
  const common = {
    [fleetLabels.service]: service,
    [fleetLabels.secretVersion]: version,
    [fleetLabels.fingerprint]: versionFingerprint(files),
  }
  for (const [at, { target }] of places.entries()) {
    const bytes = files[at]
    if (!bytes) throw new Error(`no secret for ${target}`)
    const body = { Name: `regie-${service.slice(0, 40)}-${version}-${at}`, Data: bytes.toString('base64') }
    const Labels = { ...common, [fleetLabels.target]: target }
    // Without `_query` dockerode puts all of it into the address, where logs would have it.
    const answer: unknown = await asked(machine, redact, () =>
      docker.createSecret({ _query: {}, _body: { ...body, Labels } }),
    )
    made.push({ id: CreatedAnswer.parse(answer).ID, name: body.Name, target })
  }
}

/** Removes secrets once no replica has them any more. */
export async function removeSecrets(
  { machine, docker }: Member,
  ids: readonly string[],
  redact: Redact,
): Promise<void> {
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

/** The secrets of a service, of every version. */
export async function secretsOf(
  { machine, docker }: Member,
  service: string,
  redact: Redact,
): Promise<z.infer<typeof SecretAnswer>[]> {
  const answer: unknown = await asked(machine, redact, () =>
    docker.listSecrets({ filters: { label: [`${fleetLabels.service}=${service}`] } }),
  )
  return readAll(SecretAnswer, answer).filter(({ Spec }) => Spec.Labels?.[fleetLabels.service] === service)
}

async function wholeService({ machine, docker }: Member, id: string, redact: Redact): Promise<WholeService> {
  const answer: unknown = await asked(machine, redact, () => docker.getService(id).inspect())
  return WholeService.parse(answer)
}

/** Says the spec of a service again, with a change; dockerode would put all of it into the address. */
export async function changeSpec(
  manager: Member,
  id: string,
  change: (spec: Record<string, unknown>) => Record<string, unknown>,
  redact: Redact,
): Promise<void> {
  const { Version, Spec } = await wholeService(manager, id, redact)
  const options = { _query: { version: Version.Index }, _body: change(Spec) }
  await acted(manager.machine, redact, () => manager.docker.getService(id).update(options))
}

/** The versions of a service's secret, by their labels. */
function versionsOf(secrets: readonly z.infer<typeof SecretAnswer>[]): SecretVersion[] {
  const versions = new Map<string, SecretVersion>()
  for (const { ID, Spec } of secrets) {
    const key = Spec.Labels?.[fleetLabels.secretVersion] ?? ID
    const version = versions.get(key) ?? { ids: [], fingerprint: Spec.Labels?.[fleetLabels.fingerprint] ?? '' }
    version.ids.push(ID)
    versions.set(key, version)
  }
  return [...versions.values()]
}

const lookMs = 1000
/** So long may Swarm take for all replicas, in ms: each may have to load what it needs first. */
const patienceMs = 30 * 60_000

/** What hands out a secret, over a real Swarm. */
export function secretHands(
  manager: Member,
  {
    id,
    name,
    places,
    lend,
  }: {
    id: string
    name: string
    places: readonly SecretPlace[]
    lend: <T>(use: (files: readonly Buffer[]) => Promise<T>) => Promise<T>
  },
  redact: Redact,
): SecretHands {
  const { machine, docker } = manager
  const end = performance.now() + patienceMs
  return {
    async look() {
      const { Spec, UpdateStatus } = await wholeService(manager, id, redact)
      const tasks: unknown = await asked(machine, redact, () => docker.listTasks({ filters: { service: [id] } }))
      const { TaskTemplate } = SpecWithSecrets.parse(Spec)
      const there = readAll(TaskAnswer, tasks).filter((task) => stateOf(task) !== null)
      return {
        versions: versionsOf(await secretsOf(manager, name, redact)),
        named: TaskTemplate.ContainerSpec.Secrets.map(({ SecretID }) => SecretID),
        held: there.map((task) => (task.Spec?.ContainerSpec?.Secrets ?? []).map(({ SecretID }) => SecretID)),
        areUp: there.every((task) => stateOf(task) === 'running'),
        update: updateOf(UpdateStatus?.State),
      }
    },
    create: () => lend((files) => makeVersion(manager, { service: name, places, files, made: [] }, redact)),
    async name({ ids }) {
      const secrets = (await secretsOf(manager, name, redact)).filter(({ ID }) => ids.includes(ID))
      const at = (target: string) => {
        const secret = secrets.find(({ Spec }) => Spec.Labels?.[fleetLabels.target] === target)
        if (!secret) throw new Error(`the version has no secret for ${target}`)
        return { SecretID: secret.ID, SecretName: secret.Spec.Name }
      }
      await changeSpec(
        manager,
        id,
        (spec) => {
          const read = SpecWithSecrets.parse(spec)
          const { ContainerSpec } = read.TaskTemplate
          const Secrets = ContainerSpec.Secrets.map((one) => ({ ...one, ...at(one.File.Name) }))
          return { ...read, TaskTemplate: { ...read.TaskTemplate, ContainerSpec: { ...ContainerSpec, Secrets } } }
        },
        redact,
      )
    },
    resume: () => changeSpec(manager, id, (spec) => spec, redact),
    remove: (ids) => removeSecrets(manager, ids, redact),
    async wait() {
      if (performance.now() > end) throw new Problem('fleet.hand-out-slow', { name })
      await wait(lookMs)
    },
  }
}
