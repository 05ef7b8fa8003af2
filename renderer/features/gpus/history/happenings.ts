import type { GpuHistory } from '../../../../shared/contract'

/** What is listed beside the charts, whatever it happened to. */
export type Happening =
  | ({ of: 'service'; from: number; to: number } & Pick<
      GpuHistory['events'][number],
      'serviceId' | 'kind' | 'name' | 'reason'
    >)
  | ({ of: 'slowed' } & GpuHistory['slowed'][number])
  | ({ of: 'gap' } & GpuHistory['gaps'][number])

/** All that happened, newest first, `most` at most. */
export function happeningsOf(
  { events, slowed, gaps }: Pick<GpuHistory, 'events' | 'slowed' | 'gaps'>,
  most: number,
): Happening[] {
  const all: Happening[] = [
    ...events.map(({ at, serviceId, kind, name, reason }) => ({
      ...{ of: 'service' as const, from: at, to: at, serviceId, kind, name, reason },
    })),
    ...slowed.map((one) => ({ of: 'slowed' as const, ...one })),
    ...gaps.map((one) => ({ of: 'gap' as const, ...one })),
  ]
  return all.sort((a, b) => b.from - a.from).slice(0, most)
}

/** Whether it is what stands under the crosshair: at a point that lasts so long. */
export const isUnder = ({ from, to }: { from: number; to: number }, at: number, stepMs: number): boolean =>
  from < at + stepMs && to >= at
