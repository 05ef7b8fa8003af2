import { useQuery } from '@tanstack/react-query'
import { Suspense } from 'react'
import { api } from '../../api/query'
import { lazyPart } from '../../ui/parts'

const GradeBadge = lazyPart(() => import('./GradeBadge'))

/** The grade of a service's last exposure test; its code and words are fetched once there is one. */
export function LazyGrade({ serviceId }: { serviceId: string }) {
  const tests = useQuery(api.exposure.list.queryOptions())
  const grade = tests.data?.find((one) => one.serviceId === serviceId)?.grade ?? null
  if (grade === null) return null
  return (
    <Suspense fallback={null}>
      <GradeBadge serviceId={serviceId} grade={grade} />
    </Suspense>
  )
}
