import type { Family, Generation } from '../../../shared/contract'

/** So many of the last images say what the next will take. */
const looked = 5

/** Whether an image was made by a family: by its name, or where a service has no such names, by its model. */
const isBy = ({ params: { workflow, checkpoint } }: Pick<Generation, 'params'>, family: Family): boolean =>
  workflow === undefined ? checkpoint !== undefined && family.checkpoints.includes(checkpoint) : workflow === family.id

/** The middle one of the last images of a family on a service, in ms for each image; null where there is none. */
export function measured(
  recent: readonly Generation[],
  { serviceId, family }: { serviceId: string; family: Family },
): number | null {
  const times = recent
    .filter((one) => one.serviceId === serviceId && one.state === 'succeeded' && !one.cached && isBy(one, family))
    .flatMap(({ timings: { totalMs, queueMs }, images }) =>
      totalMs === null ? [] : [(totalMs - (queueMs ?? 0)) / Math.max(1, images.length)],
    )
    .slice(0, looked)
    .toSorted((a, b) => a - b)
  return times[Math.floor(times.length / 2)] ?? null
}
