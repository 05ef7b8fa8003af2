import type { RotationPlan, ServiceConfig } from '../../shared/contract'
import type { ImageBackend } from '../kinds'
import type { Generations } from '../generation'
import type { Services } from '../services'
import { createLoads } from '../services/load'
import type { Timeline } from '../timeline'
import { startTimes } from '../timeline/start-times'
import { lendCurrent, type RotationPoliciesOptions } from '../rotation/policy'
import type { Credentials } from '../credentials'
import type { LendSecret } from '../vault/secret'

const longestPrompt = 120
const listed = 200

interface Joined {
  credentials: Credentials
  services: Services
  timeline: Pick<Timeline, 'list'>
  /** Null until the gallery is open. */
  generations: () => Pick<Generations, 'list'> | null
  backendWith: (service: ServiceConfig, lendSecret: LendSecret) => ImageBackend
}

/** What the rotation policies ask of the other parts. */
export function policyPorts({
  credentials,
  services,
  timeline,
  generations,
  backendWith,
}: Joined): Pick<RotationPoliciesOptions, 'loadOf' | 'generationsOn' | 'startTimes' | 'foresight'> {
  const generationsOn = (serviceId: string): RotationPlan['generations'] =>
    (['running', 'queued'] as const).flatMap((state) =>
      (generations()?.list({ limit: listed, serviceId, state }).items ?? []).map(({ id, params }) => ({
        id,
        serviceId,
        state,
        prompt: params.prompt.slice(0, longestPrompt),
      })),
    )
  return {
    generationsOn,
    loadOf: createLoads({
      service: (id) => services.get(id),
      backendOf(id) {
        const config = services.config(id)
        return backendWith(config, lendCurrent(credentials, config.credentialId ?? null))
      },
      own: (id) => generationsOn(id).length,
    }),
    startTimes: async (id) => startTimes((await timeline.list({ id, limit: listed })).items),
    foresight: {
      foresee: (...about) => services.control().foresee(...about),
      unmanageable: (id) => services.control().unmanageable(id),
    },
  }
}
