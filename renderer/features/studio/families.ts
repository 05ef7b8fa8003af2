import type { Capabilities, Family, Need } from '../../../shared/contract'

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
