import type { Capabilities, Family, Need, ServiceParams, Size } from '../../../shared/contract'
import { namedSizes, ratios, type Ratio } from './ratios'

/** The workflow that makes a plain colour: it needs no model, and shows that jobs run. */
export const smokeId = 'smoke'

const isOfText = ({ tasks }: Family): boolean => tasks.includes('text')

/** A family, or another workflow of the service, that a person can choose; `missing` names what it lacks. */
export interface FamilyChoice {
  value: string
  title: string
  missing: string[]
}

/** What makes images from words on a service: families that lack nothing first, then workflows that are no family. */
export function familyChoices({ families, workflows }: Pick<Capabilities, 'families' | 'workflows'>): FamilyChoice[] {
  const own = families.filter(isOfText)
  const others = workflows.filter(({ id, available }) => available && !families.some((family) => family.id === id))
  return [
    ...own.map(({ id, title, missing }) => ({ value: id, title, missing: missing.map(({ name }) => name) })),
    ...others.map(({ id }) => ({ value: id, title: id, missing: [] })),
  ]
}

/** The values that a service takes where nothing is asked for: of the chosen family, else its own. */
export const defaultsWith = (capabilities: Capabilities, workflow: string | undefined) => ({
  ...capabilities.defaults,
  ...capabilities.families.find(({ id }) => id === workflow)?.defaults,
})

/** The family that a run with these parameters goes to; null where it is none, or none that is known. */
export function familyOf(
  { families, defaults }: Pick<Capabilities, 'families' | 'defaults'>,
  { workflow, checkpoint }: Pick<ServiceParams, 'workflow' | 'checkpoint'>,
): Family | null {
  const named = (id: string | null) => families.find((family) => family.id === id) ?? null
  const of = (file: string | null) =>
    families.find(({ checkpoints }) => file !== null && checkpoints.includes(file)) ?? null
  if (workflow !== undefined) return named(workflow)
  return checkpoint === undefined ? (named(defaults.workflow) ?? of(defaults.checkpoint)) : of(checkpoint)
}

/** Whether a negative prompt changes nothing: at CFG 1, which many families have. `cfg`: the one that was chosen. */
export const ignoresNegative = (family: Family | null, cfg: number | undefined): boolean =>
  cfg === undefined ? family?.takesNegativePrompt === false : cfg <= 1

/** The sizes that are offered: those of the families, where all have the same ones, else the usual ratios. */
export function sizesFor(families: readonly (Family | null)[]): readonly Ratio[] {
  const [first] = families
  if (!first || first.sizes.length === 0) return ratios
  const text = JSON.stringify(first.sizes)
  return families.every((family) => JSON.stringify(family?.sizes) === text) ? namedSizes(first.sizes) : ratios
}

/** The size that all of these take where none is chosen; null where they differ, or one is not known. */
export function usualSize(families: readonly (Family | null)[]): Exclude<Size, 'own'> | null {
  const [first, ...others] = families.map((family) => family?.defaults)
  const isSame = others.every((one) => one?.width === first?.width && one?.height === first?.height)
  return first && isSame ? { width: first.width, height: first.height } : null
}

/**
 * The family that would need the least to be put on a service where no known model is complete, with what it lacks. Null
 * where one is complete, or where the service has another default.
 */
export function nearestFamily({
  families,
  defaults,
}: Pick<Capabilities, 'families' | 'defaults'>): { title: string; missing: Need[] } | null {
  const own = families.filter(isOfText)
  if (defaults.checkpoint !== null || own.some(({ available }) => available)) return null
  const size = ({ expected }: Family) => expected.filesMiB ?? Infinity
  return own.toSorted((a, b) => size(a) - size(b))[0] ?? null
}
