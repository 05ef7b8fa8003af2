import type { ComposeProjectService, GuessDoubt, ServiceKind, ServiceLikeness } from '../../shared/contract'
import { allKinds, kindOf, type Kind } from '.'

/** What is known of a Compose service, from its container or from its files. */
export interface Clues {
  name: string
  image: string | null
  containerName: string | null
  /** Entry point and command, word by word; null when they are not known. */
  command: readonly string[] | null
  environment: Readonly<Record<string, string | null>>
  labels: Readonly<Record<string, string>>
  ports: ComposeProjectService['ports']
  /** It has the machine's own ports: none is published. */
  isOnHostNetwork: boolean
}

/** What speaks for a kind. `strong`: only such a program has it; `weak`: others may have it too. */
interface Evidence {
  kind: ServiceKind
  weight: 'strong' | 'weak'
  from: 'image' | 'command' | 'variable' | 'service' | 'container' | 'label' | 'port'
  said: string
}

/** A variable with arguments that images of any kind have. */
const sharedArguments = 'CLI_ARGS'
/** Of other programs that stand in such images, or beside them: SSH, a portal, databases, exporters. */
const foreignPorts = new Set([22, 1111, 2222, 3306, 5432, 6379, 9090, 9100, 9400, 9835])

/** Helpers that stand beside a backend and carry its name. */
const helper = /(?:exporter|monitor|sidecar|proxy|watchdog|downloader|backup|tunnel)(?![a-z])|(?:^|[-_.])init$/i
const isHelper = ({ name, containerName, image, labels }: Clues) =>
  labels['com.myia.type'] === 'sidecar' ||
  [name, containerName, image?.replace(/[:@].*$/, '')].some((said) => typeof said === 'string' && helper.test(said))

const wordsOf = (text: string) => text.split(/\s+/).filter((word) => word !== '')

/** The arguments of its command and of the variables that are arguments; an address speaks of another program. */
function argumentsIn({ command, environment }: Clues): string[] {
  const names = [...allKinds.flatMap(({ recognition }) => recognition.argumentVariables), sharedArguments]
  const variables = names.flatMap((name) => environment[name] ?? [])
  return [...(command ?? []), ...variables].flatMap(wordsOf).filter((word) => !word.includes('://'))
}

function evidenceFor({ id: kind, recognition }: Kind, clues: Clues): Evidence[] {
  const { name, image, containerName, environment, labels, ports } = clues
  const { together } = recognition
  const words = argumentsIn(clues)
  const isTogether = together?.words.every((pattern) => words.some((word) => pattern.test(word))) === true
  const argument = words.find((word) => recognition.argument.test(word)) ?? (isTogether ? together.said : undefined)
  const named = (said: string | null) => (said !== null && recognition.name.test(said) ? [said] : [])
  const label = Object.entries(labels)
    .filter(([key, value]) => !key.startsWith('com.docker.') && !helper.test(value))
    .flatMap(([, value]) => named(value))
  const port = ports.find(({ containerPort }) => recognition.ports.includes(containerPort))
  const variables = Object.keys(environment)
  const is = (weight: Evidence['weight'], from: Evidence['from']) => (said: string) => ({ kind, weight, from, said })
  const own = [
    ...named(image).map(is('strong', 'image')),
    // Its value may be a secret: an option's name is all that is told.
    ...(argument === undefined ? [] : [argument.replace(/=.*$/s, '')]).map(is('strong', 'command')),
    ...named(name).map(is('weak', 'service')),
    ...named(containerName).map(is('weak', 'container')),
    ...label.slice(0, 1).map(is('weak', 'label')),
  ]
  if (recognition.variantOf !== null) return own
  return [
    ...own,
    ...variables.filter((key) => recognition.argumentVariables.includes(key)).map(is('strong', 'variable')),
    ...variables.filter((key) => recognition.portVariables.test(key)).map(is('weak', 'variable')),
    ...(port ? [String(port.containerPort)] : []).map(is('weak', 'port')),
  ]
}

/** What speaks for a kind speaks for its variant, where anything speaks for that; what is the variant's own comes first. */
function forVariants(evidence: readonly Evidence[]): Evidence[] {
  const baseOf = ({ kind }: Evidence) => kindOf(kind).recognition.variantOf
  const own = evidence.filter((one) => baseOf(one) !== null)
  const others = evidence.filter((one) => baseOf(one) === null)
  return [
    ...own,
    ...others.map((one) => ({ ...one, kind: own.find((of) => baseOf(of) === one.kind)?.kind ?? one.kind })),
  ]
}

const everywhere = new Set(['', '0.0.0.0', '::', '127.0.0.1', '::1', 'localhost'])

/** Where a published port is reached; `engineHost` is the machine on which the engine runs. */
const urlOf = ({ hostIp, hostPort }: { hostIp: string; hostPort: number }, engineHost: string): string => {
  const host = everywhere.has(hostIp) ? engineHost : hostIp
  return `http://${host.includes(':') ? `[${host}]` : host}:${hostPort}`
}

/** The port that its arguments name, which is the one it listens on. */
function statedPort(clues: Clues): number | null {
  const words = argumentsIn(clues)
  const at = words.findIndex((word) => /^--port(?:=|$)/.test(word))
  const port = Number(words[at]?.split('=')[1] ?? words[at + 1])
  return at >= 0 && Number.isInteger(port) && port > 0 && port < 65_536 ? port : null
}

interface Address {
  urls: string[]
  /** Null: there is one address, and it is the right one. */
  doubt: GuessDoubt | null
}

function addressOf(kind: ServiceKind | null, clues: Clues, engineHost: string): Address {
  const stated = statedPort(clues)
  const recognition = kind === null ? null : kindOf(kind).recognition
  const usual = recognition?.ports ?? []
  const unique = (ports: readonly Clues['ports'][number][]) => [...new Set(ports.map((one) => urlOf(one, engineHost)))]
  if (clues.isOnHostNetwork) {
    const named = Object.entries(clues.environment).flatMap(([key, value]) =>
      recognition?.portVariables.test(key) === true && /^\d{2,5}$/.test(value ?? '') ? [Number(value)] : [],
    )
    const ports = stated === null ? [...named, ...usual.slice(0, 1)] : [stated]
    const urls = unique(ports.map((hostPort) => ({ hostIp: '', hostPort, containerPort: hostPort })))
    return { urls, doubt: stated === null ? 'host-network' : null }
  }
  const published = clues.ports.filter(({ hostPort }) => hostPort > 0)
  const likely = unique(published.filter(({ containerPort }) => !foreignPorts.has(containerPort)))
  if (published.length === 0) return { urls: [], doubt: 'no-port' }
  if (stated !== null) {
    const own = unique(published.filter(({ containerPort }) => containerPort === stated))
    return own.length > 0 ? { urls: own.slice(0, 1), doubt: null } : { urls: likely, doubt: 'port-not-published' }
  }
  const known = published.filter(({ containerPort }) => usual.includes(containerPort))
  const isOne = new Set(known.map(({ containerPort }) => containerPort)).size === 1
  if (isOne) return { urls: unique(known).slice(0, 1), doubt: null }
  return known.length > 1 ? { urls: unique(known), doubt: 'several-ports' } : { urls: likely, doubt: 'port-unknown' }
}

/** What is sure of a likeness; null where a person must decide. */
export const sureOf = (likeness: ServiceLikeness): ComposeProjectService['guess'] =>
  likeness.state === 'sure' ? { kind: likeness.kind, url: likeness.url, why: likeness.why } : null

/**
 * What a Compose service looks like, by its arguments, environment, image, names and ports; whether that is sure, and
 * where not, what the doubt is. A name alone is not enough, nor is a port that other programs have too.
 */
export function likenessOf(clues: Clues, engineHost = '127.0.0.1'): ServiceLikeness {
  const evidence = forVariants(allKinds.flatMap((kind) => evidenceFor(kind, clues)))
  const mayBeBackend = !isHelper(clues)
  const strong = evidence.filter(({ weight }) => weight === 'strong')
  const telling = strong.length > 0 ? strong : mayBeBackend ? evidence : []
  const [first] = telling
  if (!first) return { state: 'neither' }
  const kind = telling.every((one) => one.kind === first.kind) ? first.kind : null
  const why = `${first.from} ${first.said}`
  const address = addressOf(kind, clues, engineHost)
  const isNamed = telling.some(({ from }) => from === 'service' || from === 'container')
  const isProven = strong.length > 0 || (isNamed && telling.some(({ from }) => from === 'port'))
  const doubts: GuessDoubt[] = [
    ...(kind === null ? ['two-kinds' as const] : []),
    ...(mayBeBackend ? [] : ['helper' as const]),
    ...(isProven ? [] : [isNamed ? ('name-only' as const) : ('weak' as const)]),
    ...(address.doubt === null ? [] : [address.doubt]),
  ]
  const [url] = address.urls
  return kind !== null && url !== undefined && doubts.length === 0
    ? { state: 'sure', kind, url, why }
    : { state: 'unsure', kind, urls: address.urls, why, doubts }
}
