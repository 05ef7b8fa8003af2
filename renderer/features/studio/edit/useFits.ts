import { useQuery } from '@tanstack/react-query'
import type { Service } from '../../../../shared/contract'
import { api } from '../../../api/query'
import { useGpus } from '../../gpus/useGpus'
import { sortForStudio } from '../../services/list/for-studio'
import type { EditForm } from '../form'
import { useCapabilities } from '../useCapabilities'
import { chosenOf, fitsOf, ranked, type Fit, type Offering, type Wanted } from './fits'

export interface Fits {
  /** Best first. */
  fits: Fit[]
  /** What a run goes to; null where nothing is complete. */
  chosen: Fit | null
  offering: Offering | undefined
  /** Whether a ready service has yet to say what it has. */
  isAsking: boolean
}

/** The families that edit on the ready services, and the one that a run goes to. */
export function useFits(services: readonly Service[], edit: EditForm, wanted: Wanted): Fits {
  const ready = sortForStudio(services).ready.map(({ id }) => id)
  const found = useCapabilities(ready)
  const recent = useQuery(api.generations.list.queryOptions({ input: { limit: 50 } })).data?.items ?? []
  const offerings = ready.flatMap((serviceId, index): Offering[] => {
    const capabilities = found[index]?.data
    return capabilities ? [{ serviceId, capabilities }] : []
  })
  const fits = ranked(fitsOf(offerings, recent), wanted)
  const chosen = chosenOf(fits, edit)
  return {
    ...{ fits, chosen },
    offering: offerings.find(({ serviceId }) => serviceId === chosen?.serviceId),
    isAsking: found.some(({ isPending }) => isPending),
  }
}

/** How much the card of each service holds, in MiB; null where that is not known. */
export function useCardMemory(services: readonly Service[]): (serviceId: string) => number | null {
  const { report } = useGpus()
  return (serviceId) => {
    const uuid = services.find(({ id }) => id === serviceId)?.gpu?.uuid
    return report?.gpus.find((gpu) => gpu.uuid === uuid)?.memoryTotalMiB ?? null
  }
}
