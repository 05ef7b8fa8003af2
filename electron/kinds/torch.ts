import { reason, type Reason } from '../../shared/problems'

/** Whose numbers a driver has: under WSL2 nvidia-smi tells the driver of Windows. */
export type DriverSystem = 'linux' | 'windows'

/** One build of PyTorch: the CUDA that it brings along, and what that runs on. */
export interface TorchBuild {
  /** As the folder of its packages is called: `https://download.pytorch.org/whl/<id>`. */
  id: 'cu130' | 'cu126' | 'cu121'
  cuda: string
  /** Compute capability from which it holds code, and below which it does; null: later cards too. */
  capability: { from: string; below: string | null }
  /** The oldest driver that it starts with. */
  driver: Record<DriverSystem, string>
}

/** PyTorch as a stack installs it. */
export interface StackTorch {
  version: string
  /** In the order in which they are preferred. */
  builds: readonly TorchBuild[]
  /** Where there is no GPU: packages for the processor alone, or what the stack installs anyway. */
  cpu: 'cpu' | 'same'
}

/** CUDA 13 ended the support of what is older than Turing (7.5), and asks for a driver of its own generation. */
const cu130: TorchBuild = {
  id: 'cu130',
  cuda: '13.0',
  capability: { from: '7.5', below: null },
  driver: { linux: '580.65.06', windows: '580.0' },
}

/**
 * For older cards and drivers. Its packages hold code for Maxwell (5.0) to Ampere (8.6), which Ada (8.9) runs too, and
 * none for Blackwell. Of Hopper (9.0) PyTorch's own statements differ, so it is not counted on. Any driver of CUDA 12
 * runs it, from the first one on. PyTorch 2.14 is the last with such a build.
 */
const cu126: TorchBuild = {
  id: 'cu126',
  cuda: '12.6',
  capability: { from: '5.0', below: '9.0' },
  driver: { linux: '525.60.13', windows: '528.33' },
}

/** What Forge names itself: PyTorch 2.3.1, whose code ends with Hopper (9.0). */
const cu121: TorchBuild = { ...cu126, id: 'cu121', cuda: '12.1', capability: { from: '5.0', below: '10.0' } }

/** The pair of a stack that installs PyTorch by card. */
export const torchByCard = (version: string): StackTorch => ({ version, builds: [cu130, cu126], cpu: 'cpu' })

export const forgeTorch: StackTorch = { version: '2.3.1', builds: [cu121], cpu: 'same' }

/** What is known of a card; null is unknown. */
export interface Card {
  name: string
  computeCapability: string | null
  driverVersion: string | null
}

/** What is installed for a card, with a reservation where something was assumed; or why nothing is. */
export type TorchChoice = { build: TorchBuild | null; warning: Reason | null } | { refused: Reason }

/** Numbers of a version, `580.95.05` or `8.6`; null where it is none. */
function numbersOf(version: string | null): number[] | null {
  const text = version?.trim() ?? ''
  return /^\d{1,6}(?:\.\d{1,6}){0,3}$/.test(text) ? text.split('.').map(Number) : null
}

/** Negative where `one` is the older of the two; missing numbers count as zero. */
function compare(one: readonly number[], other: readonly number[]): number {
  for (let at = 0; at < Math.max(one.length, other.length); at += 1) {
    const difference = (one[at] ?? 0) - (other[at] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}

const isBelow = (one: readonly number[], version: string) => compare(one, numbersOf(version) ?? []) < 0

function hasCodeFor({ capability }: TorchBuild, card: readonly number[]): boolean {
  return !isBelow(card, capability.from) && (capability.below === null || isBelow(card, capability.below))
}

/**
 * Chooses the build of PyTorch for a card (null: no GPU), by its compute capability and driver. What is unknown refuses
 * nothing: the newest that may fit is assumed, and the warning says so.
 */
export function chooseTorch(torch: StackTorch, card: Card | null, system: DriverSystem): TorchChoice {
  if (card === null) return { build: torch.cpu === 'same' ? (torch.builds[0] ?? null) : null, warning: null }
  const capability = numbersOf(card.computeCapability)
  const driver = numbersOf(card.driverVersion)
  const name = card.name
  const able = torch.builds.filter((build) => capability === null || hasCodeFor(build, capability))
  const last = able.at(-1)
  if (last === undefined) {
    const has = card.computeCapability ?? '?'
    const isOld = torch.builds.every((build) => capability !== null && isBelow(capability, build.capability.from))
    const params = { name, capability: has, version: torch.version }
    if (!isOld) return { refused: reason('stacks.card-too-new', params) }
    const from = torch.builds.at(-1)?.capability.from ?? '?'
    return { refused: reason('stacks.card-too-old', { ...params, from }) }
  }
  const build = able.find((one) => driver === null || !isBelow(driver, one.driver[system]))
  if (build === undefined) {
    const needed = last.driver[system].split('.')[0] ?? last.driver[system]
    const params = { name, driver: card.driverVersion ?? '?', needed, cuda: last.cuda }
    return { refused: reason('stacks.driver-too-old', params) }
  }
  const isSure = capability !== null && driver !== null
  const assumed = { name, version: torch.version, cuda: build.cuda }
  return { build, warning: isSure ? null : reason('stacks.card-unknown', assumed) }
}
