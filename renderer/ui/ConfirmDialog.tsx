import { Suspense } from 'react'
import type { ConfirmDialogProps } from './ConfirmModal'
import { lazyPart } from './parts'

const ConfirmModal = lazyPart(() => import('./ConfirmModal'))

/**
 * Asks before something that costs: says what will happen, and names it on its button. Its code is fetched at the first
 * question.
 */
export function ConfirmDialog({ opened, ...props }: ConfirmDialogProps & { opened: boolean }) {
  return (
    opened && (
      <Suspense>
        <ConfirmModal {...props} />
      </Suspense>
    )
  )
}
