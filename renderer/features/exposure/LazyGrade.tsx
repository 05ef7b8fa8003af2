import { Suspense } from 'react'
import { lazyPart } from '../../ui/parts'

const GradeBadge = lazyPart(() => import('./GradeBadge'))

/** The badge, whose code and words are fetched after the page that shows it. */
export function LazyGrade({ serviceId }: { serviceId: string }) {
  return (
    <Suspense fallback={null}>
      <GradeBadge serviceId={serviceId} />
    </Suspense>
  )
}
