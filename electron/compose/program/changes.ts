import type { PendingChange } from '../../../shared/contract'
import { reason } from '../../../shared/problems'
import { versionNumbers } from './arguments'
import type { ComposeConfig } from './compose'
import { fingerprintOf, type ImageDefaults, type MadeContainer } from './made'

export interface Comparison {
  /** What the files ask for, with the fingerprints of its variables' values. */
  wanted: ComposeConfig['services'][string]
  /** The hash that a container made from the files now would carry. */
  wantedHash: string | null
  made: MadeContainer
  /** The image that the container was made from, and the one that its name stands for now. */
  madeFrom: ImageDefaults | null
  imageNow: ImageDefaults | null
  /** The version of the Compose program that would make it. */
  version: string
}

/** Set by the engine or by a GPU's runtime for its own purposes. */
const notOurs = new Set(['PATH', 'HOSTNAME', 'HOME'])

/** A service as its files ask for it, without the values of its variables. */
export const withFingerprints = (service: ComposeConfig['services'][string]): ComposeConfig['services'][string] => ({
  ...service,
  environment: Object.fromEntries(
    Object.entries(service.environment).map(([name, value]) => [name, value === null ? null : fingerprintOf(value)]),
  ),
})

/** The names of the variables that differ, never their values. */
function differingVariables({ wanted, made, madeFrom }: Comparison): string[] {
  const names = new Set<string>()
  for (const [name, value] of Object.entries(wanted.environment))
    if (value !== null && made.environment[name] !== value) names.add(name)
  // What the image brings is there without being asked for. Without the image that cannot be told.
  if (madeFrom)
    for (const [name, value] of Object.entries(made.environment)) {
      const isAsked = Object.hasOwn(wanted.environment, name)
      if (!isAsked && madeFrom.environment[name] !== value && !notOurs.has(name)) names.add(name)
    }
  return [...names].sort()
}

type Port = MadeContainer['ports'][number]

const nameAddress = (ip: string) => (ip === '' || ip === '0.0.0.0' || ip === '::' ? '0.0.0.0' : ip)
/** Ports that Docker chooses by itself are another number each time. */
const namePorts = (ports: readonly Port[]): string =>
  [
    ...new Set(
      ports
        .filter(({ hostPort }) => hostPort > 0)
        .map((port) => `${nameAddress(port.hostIp)}:${port.hostPort}→${port.containerPort}`),
    ),
  ]
    .sort()
    .join(', ')

const sameWords = (a: readonly string[], b: readonly string[]) =>
  a.length === b.length && a.every((word, at) => word === b[at])

/** Whether a command given as one text, which a shell's rules cut, may be these words. */
const mayBe = (text: readonly string[], words: readonly string[]) =>
  text.length === 1 && (text[0] ?? '').replaceAll(/['"\s\\]/g, '') === words.join('').replaceAll(/['"\s\\]/g, '')

function commandDiffers({ wanted, made, madeFrom }: Comparison): boolean {
  const differs = (asked: readonly string[] | null, is: readonly string[], own: readonly string[] | undefined) => {
    if (asked !== null) return !sameWords(asked, is) && !mayBe(asked, is)
    return own !== undefined && !sameWords(own, is)
  }
  if (differs(wanted.entrypoint, made.entrypoint, madeFrom?.entrypoint)) return true
  // An entrypoint of one's own takes the image's command away.
  const own = wanted.entrypoint === null ? madeFrom?.command : undefined
  return differs(wanted.command, made.command, own)
}

function differingMounts({ wanted, made }: Comparison): string[] {
  const targets = new Set(made.mountTargets)
  return wanted.volumes.map(({ target }) => target).filter((target) => !targets.has(target))
}

const sameRelease = (a: string, b: string) => {
  const [first, second] = [versionNumbers(a), versionNumbers(b)]
  return first[0] === second[0] && first[1] === second[1]
}

/** What the files ask for and the container does not have, the weightiest first. Empty when they agree. */
export function compareContainer(comparison: Comparison): PendingChange[] {
  const { wanted, wantedHash, made, imageNow, version } = comparison
  const changes: PendingChange[] = []
  const recreate = (why: PendingChange['reason']) => changes.push({ action: 'recreate', reason: why })
  const isSameHash = wantedHash !== null && wantedHash === made.configHash

  if (wanted.image !== null && made.image !== '' && wanted.image !== made.image && !isSameHash)
    recreate(reason('compose.image-changed', { wanted: wanted.image, current: made.image }))
  else if (imageNow && imageNow.id !== made.imageId)
    recreate(reason('compose.image-newer', { image: wanted.image ?? made.image }))
  if (isSameHash) return changes

  const names = differingVariables(comparison)
  if (names.length > 0) recreate(reason('compose.env-changed', { names: names.join(', ') }))
  const [asked, has] = [namePorts(wanted.ports), namePorts(made.ports)]
  if (asked !== has) recreate(reason('compose.ports-changed', { wanted: asked || '–', current: has || '–' }))
  const mounts = differingMounts(comparison)
  if (mounts.length > 0) recreate(reason('compose.volumes-changed', { targets: mounts.join(', ') }))
  if (commandDiffers(comparison)) recreate(reason('compose.command-changed'))
  // Each release makes its hashes in its own way: one of another release tells nothing.
  const isComparable =
    wantedHash !== null && made.configHash !== null && sameRelease(version, made.composeVersion ?? '')
  if (changes.length === 0 && isComparable) recreate(reason('compose.settings-changed'))
  return changes
}
