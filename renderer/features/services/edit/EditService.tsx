import { Suspense } from 'react'
import { lazyPart } from '../../../ui/parts'
import type { EditDrawerProps } from './EditDrawer'

const EditDrawer = lazyPart(() => import('./EditDrawer'))

/** Edits a service; the code for it is fetched when it is first opened. */
export function EditService(props: EditDrawerProps) {
  return (
    <Suspense>
      <EditDrawer {...props} />
    </Suspense>
  )
}
