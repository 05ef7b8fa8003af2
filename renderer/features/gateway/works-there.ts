import type { GatewayGuest, JobInLine, Service } from '../../../shared/contract'

const unique = (names: readonly string[]): string[] => [...new Set(names)]

/**
 * Who works with a service, by name: whose jobs it has, who waits for it, and who is only connected. `strangers`: jobs in
 * its own line of which nobody knows whose they are; null: it does not tell.
 */
export function worksThere(
  { queue }: Pick<Service, 'queue'>,
  line: readonly Pick<JobInLine, 'name' | 'reason'>[],
  guests: readonly Pick<GatewayGuest, 'name'>[],
) {
  const given = line.filter(({ reason }) => reason === null)
  const working = unique(given.map(({ name }) => name))
  const waiting = unique(line.flatMap(({ name, reason }) => (reason === null ? [] : [name])))
  const inside = unique(guests.map(({ name }) => name)).filter((name) => ![...working, ...waiting].includes(name))
  const strangers = queue === null ? null : Math.max(0, queue.running + (queue.waiting ?? 0) - given.length)
  return { working, waiting, inside, strangers }
}
