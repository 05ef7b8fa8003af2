import { namesOf, type Door } from '../access/guard'
import {
  createAdmission,
  type Admission,
  type AdmissionOptions,
  type Condition,
  type ForeignSecret,
} from '../gateway/admission'
import type { Service, ServiceConfig } from '../../shared/contract'
import { Problem } from '../../shared/problems'
import { median } from '../../shared/median'
import { hasEnded } from '../services/load'
import { openSessionStore } from '../storage/config'
import type { LendSecret, Secret } from '../vault/secret'
import type { Base } from './base'
import type { WatchedMachine } from './machine'
import type { Secrets } from './secrets'
import type { BuiltServices } from './services'

/** From so many of the last starts it is told how long one takes. */
const startsLookedAt = 10

/** The names of this machine are looked up again after so long, in ms. */
const namesKeptMs = 30_000

/** Somebody who goes with a service's own secret is told of once in so long, in ms, and so many are remembered. */
const toldAgainMs = 3600_000
const mostTold = 1000

/** The names by which an address of this machine is reached, looked up now and then. */
function createNames() {
  const known = new Map<string, { names: readonly string[]; at: number }>()
  return (host: string): readonly string[] => {
    const found = known.get(host)
    if (found && performance.now() - found.at < namesKeptMs) return found.names
    const names = namesOf(host)
    known.set(host, { names, at: performance.now() })
    return names
  }
}

interface Listening {
  door: Door
  title: string
}

const isSame = (one: readonly string[], other: readonly string[]) =>
  one.length === other.length && one.every((text, at) => text === other[at])

/** Says of listeners by which names they are known: their address, those given for them and for the panel, and `<service>.localhost`. */
function createListeners({ services }: BuiltServices, publicOrigins: () => readonly string[]) {
  const names = createNames()
  const listeningOf = ({ id, gateway, name }: ServiceConfig, origins: readonly string[]): Listening | null => {
    if (!gateway?.enabled) return null
    const given = origins.map((origin) => new URL(origin).hostname)
    const own = gateway.names.flatMap((one) => names(one))
    const extraHosts = [...names(gateway.host), ...own, ...given, `${id}.localhost`]
    return { door: { port: gateway.port, extraHosts, tls: gateway.tls !== 'off' }, title: name ?? id }
  }
  /** Asked for each request: made anew where a configuration was replaced, and as often as names are looked up. */
  const known = new Map<
    string,
    { config: ServiceConfig; origins: readonly string[]; at: number; is: Listening | null }
  >()

  return (id: string): Listening | null => {
    try {
      const config = services.config(id)
      const origins = publicOrigins()
      const now = performance.now()
      const before = known.get(id)
      if (before?.config === config && now - before.at < namesKeptMs && isSame(before.origins, origins))
        return before.is
      const is = listeningOf(config, origins)
      known.set(id, { config, origins, at: now, is })
      return is
    } catch (error) {
      if (error instanceof Problem) return null
      throw error
    }
  }
}

/** Whether somebody shows the secret of a service itself, as its own clients do. */
const isSecretOf = ({ way, name, secret }: ForeignSecret, own: Secret | null): boolean =>
  own !== null &&
  (way === 'basic' ? own.username === name && own.password === secret : own.token === secret || own.password === secret)

async function isShown(shown: ForeignSecret, lend: LendSecret): Promise<boolean> {
  try {
    return await lend((secret) => isSecretOf(shown, secret))
  } catch (error) {
    if (error instanceof Problem) return false // the vault is locked
    throw error
  }
}

/** Says now and then who goes with a service's own secret; what he shows is not told. */
function createToldOf({ log }: Pick<Base, 'log'>) {
  const told = new Map<string, number>()
  return (use: { serviceId: string; from: string; client: string | null }): void => {
    const who = `${use.serviceId} ${use.from}`
    if (performance.now() - (told.get(who) ?? -Infinity) < toldAgainMs) return
    if (told.size >= mostTold) told.clear()
    told.set(who, performance.now())
    log.warn(use, 'a client goes with the service’s own secret and was refused: it needs an access key')
  }
}

type StartTimes = Pick<WatchedMachine['timeline'], 'startTimes'>

/** Whether a service sleeps and is woken by who signs in, and how long its last starts took. */
async function conditionOf(service: Service, timeline: StartTimes): Promise<Condition> {
  if (!service.idle.wake || !hasEnded(service)) return null
  const usualMs = median(await timeline.startTimes(service.id, startsLookedAt))
  return { is: 'asleep', readyInS: usualMs === null ? null : Math.ceil(usualMs / 1000) }
}

/** Who may come in at the gateway. `publicOrigins`: under which addresses others reach this machine. */
export function buildAdmission(
  base: Base,
  { access, credentials }: Secrets,
  built: BuiltServices,
  parts: {
    publicOrigins: () => readonly string[]
    timeline: StartTimes
    cancelWaking: AdmissionOptions['cancelWaking']
  },
): Admission {
  const { services } = built
  return base.closing.keep(
    createAdmission({
      ...{ people: access.people, attempts: access.attempts },
      store: openSessionStore(base.options.dataFolder),
      listenerOf: createListeners(built, parts.publicOrigins),
      conditionOf: (id) => conditionOf(services.get(id), parts.timeline),
      isVaultOpen: () => credentials.isOpen(),
      cancelWaking: parts.cancelWaking,
      isServiceSecret: (id, shown) => isShown(shown, credentials.lendSecret(services.config(id).credentialId ?? null)),
      noteServiceSecret: createToldOf(base),
    }),
  )
}
