import type { ServiceConfig } from '../../shared/contract'
import { readCudaVisible } from '../compose/files/gpus'
import type { ContainerFacts } from './container/facts'

/** What is known of a service's cards. `onMachine`: how many the machine has; null while that is not known. */
export interface KnownGpus {
  config: Pick<ServiceConfig, 'runtime' | 'gpuUuid' | 'process'>
  container: Pick<ContainerFacts, 'gpu' | 'cudaVisible'> | null
  onMachine: number | null
}

/** How many of `given` cards a program sees under `CUDA_VISIBLE_DEVICES`. */
function visible(given: number | null, cudaVisible: unknown): number | null {
  const listed = typeof cudaVisible === 'string' ? readCudaVisible(cudaVisible)?.entries.length : undefined
  if (listed === undefined) return given
  return given === null ? listed : Math.min(given, listed)
}

/**
 * How many cards a service was given: the one that it is meant for, those that its container's request names or counts,
 * those that its variables leave, or the machine's only one. Null where nobody knows: of several that everybody may take,
 * of another machine's, and of a container without a request, which may have one of another maker's.
 */
export function gpuCountOf({ config, container, onMachine }: KnownGpus): number | null {
  const { runtime, gpuUuid, process } = config
  if (gpuUuid !== undefined) return 1
  const only = onMachine === 1 ? 1 : null
  switch (runtime) {
    case 'simulator':
      return 1
    case 'external':
      return null
    case 'process':
      return visible(only, process?.env['CUDA_VISIBLE_DEVICES'])
    case 'compose': {
      const { gpu = null, cudaVisible = null } = container ?? {}
      const asked = gpu && (gpu.ids.length > 0 ? gpu.ids.length : gpu.count === 'all' ? only : gpu.count)
      return visible(asked, cudaVisible)
    }
  }
}
