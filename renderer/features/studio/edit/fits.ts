import type { Capabilities, Family, Generation, Task } from '../../../../shared/contract'
import type { EditForm } from '../form'
import { measured } from '../measured'

/** What a service offers. */
export interface Offering {
  serviceId: string
  capabilities: Pick<Capabilities, 'families' | 'loras' | 'samplers' | 'schedulers'>
}

/** A family on a service that can change pictures. */
export interface Fit {
  serviceId: string
  family: Family
  /** How long its last images took, without waiting for others, in ms; null before there was one. */
  measuredMs: number | null
}

/** What is wanted of a family. */
export interface Wanted {
  images: number
  hasMask: boolean
}

/** The families that change pictures, on all services. */
export const fitsOf = (offerings: readonly Offering[], recent: readonly Generation[]): Fit[] =>
  offerings.flatMap(({ serviceId, capabilities }) =>
    capabilities.families
      .filter(({ tasks }) => tasks.some((task) => task !== 'text'))
      .map((family) => ({ serviceId, family, measuredMs: measured(recent, { serviceId, family }) })),
  )

/** What a family would do with what is given. */
export function taskFor({ tasks }: Family, { images, hasMask }: Wanted, method: EditForm['method']): Task | null {
  const can = (task: Task) => tasks.includes(task)
  if (hasMask && images < 2 && can('inpaint')) return 'inpaint'
  if (can('edit') && (method === 'instruction' || images > 1 || !can('image'))) return 'edit'
  return can('image') ? 'image' : can('edit') ? 'edit' : can('inpaint') ? 'inpaint' : null
}

/** How many pictures a family takes for what it would do. */
export const mostFor = ({ tasks, mostImages }: Family): number => (tasks.includes('edit') ? mostImages : 1)

/** Whether both ways are there: by an instruction, and by a strength. */
export const hasBothWays = ({ tasks }: Family): boolean => tasks.includes('edit') && tasks.includes('image')

/** What a family leaves unused of what is given; it fits the better the less that is. */
function leaves({ family }: Fit, { images, hasMask }: Wanted): number {
  const mask = hasMask && !family.tasks.includes('inpaint') ? 2 : 0
  const instruction = !hasMask && !family.tasks.includes('edit') ? 1 : 0
  return Math.max(0, images - mostFor(family)) * 4 + mask + instruction
}

const never = Number.MAX_SAFE_INTEGER

/** The families in the order in which they fit: complete ones first, then what uses all that is given, then quick ones. */
export const ranked = (fits: readonly Fit[], wanted: Wanted): Fit[] =>
  fits.toSorted(
    (a, b) =>
      Number(b.family.available) - Number(a.family.available) ||
      leaves(a, wanted) - leaves(b, wanted) ||
      (a.measuredMs ?? never) - (b.measuredMs ?? never),
  )

const isSame = (a: Pick<Fit, 'serviceId'> & { family: Pick<Family, 'id'> }, b: typeof a) =>
  a.serviceId === b.serviceId && a.family.id === b.family.id

/** The family that was chosen, while it is complete; else the best one. Null where there is none. */
export function chosenOf(fits: readonly Fit[], { serviceId, family, params }: EditForm): Fit | null {
  const complete = fits.filter((fit) => fit.family.available)
  const own = complete.filter((fit) => fit.serviceId === serviceId)
  const { checkpoint } = params
  return (
    own.find((fit) => fit.family.id === family) ??
    (family === null && checkpoint !== undefined
      ? own.find((fit) => fit.family.checkpoints.includes(checkpoint))
      : undefined) ??
    complete[0] ??
    null
  )
}

/** So many are shown before all are asked for. */
const shownFirst = 2

/** Which stand there, and which are folded: the two best and the chosen one stand, those that lack something never. */
export function folded(fits: readonly Fit[], chosen: Fit | null): { shown: Fit[]; rest: Fit[] } {
  const complete = fits.filter(({ family }) => family.available)
  const best = complete.slice(0, shownFirst)
  const shown = chosen && !best.some((fit) => isSame(fit, chosen)) ? [...best.slice(0, 1), chosen] : best
  return { shown, rest: fits.filter((fit) => !shown.some((one) => isSame(one, fit))) }
}
