import { lazy, Suspense, useState } from 'react'
import type { ConfirmDialogProps } from './ConfirmModal'

const ConfirmModal = lazy(() => import('./ConfirmModal'))

/**
 * Asks before something that costs: says what will happen, and names it on its button. Its code is fetched at the first
 * question; from then on it stays, so that it can close and hand the focus back.
 */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const [wasOpened, setWasOpened] = useState(props.opened)
  if (props.opened && !wasOpened) setWasOpened(true)
  return (
    wasOpened && (
      <Suspense>
        <ConfirmModal {...props} />
      </Suspense>
    )
  )
}
