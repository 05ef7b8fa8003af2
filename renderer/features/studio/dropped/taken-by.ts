import type { Capabilities, ServiceParams } from '../../../../shared/contract'
import type { FoundParams } from '../../../../shared/png-parameters'

/** What of an image's parameters a service takes: names that it does not know are its own affair. */
export function takenBy(
  found: FoundParams,
  { samplers, schedulers, checkpoints }: Pick<Capabilities, 'samplers' | 'schedulers' | 'checkpoints'>,
): ServiceParams {
  const { steps, cfg, sampler, scheduler, checkpoint } = found
  const known = (list: readonly string[], value: string | undefined) =>
    value === undefined ? undefined : list.find((one) => one === value || one.startsWith(`${value}.`))
  const params = {
    ...{ steps, cfg, sampler: known(samplers, sampler), scheduler: known(schedulers, scheduler) },
    checkpoint: known(checkpoints, checkpoint),
  }
  return Object.fromEntries(Object.entries(params).filter(([, value]) => value !== undefined))
}
