import type { Service } from '../../../../shared/contract'

/** Whether a tag is on all of several services, on some, or on none. */
export type TagChoice = 'all' | 'some' | 'none'

/** Every tag that there is, with how it stands on some of the services. */
export function tagsIn(services: readonly Service[], all: readonly Service[]): Map<string, TagChoice> {
  const known = [...new Set(all.flatMap(({ tags }) => tags))].toSorted((a, b) => a.localeCompare(b))
  return new Map(
    known.map((tag) => {
      const count = services.filter(({ tags }) => tags.includes(tag)).length
      return [tag, count === 0 ? 'none' : count === services.length ? 'all' : 'some']
    }),
  )
}

/** The services whose tags change by a choice, with all their tags; what is on some stays where it is. */
export function changedTags(
  services: readonly Service[],
  wanted: ReadonlyMap<string, TagChoice>,
): { id: string; tags: string[] }[] {
  return services.flatMap(({ id, tags }) => {
    const kept = tags.filter((tag) => wanted.get(tag) !== 'none')
    const added = [...wanted].flatMap(([tag, choice]) => (choice === 'all' && !tags.includes(tag) ? [tag] : []))
    return added.length === 0 && kept.length === tags.length ? [] : [{ id, tags: [...kept, ...added] }]
  })
}
