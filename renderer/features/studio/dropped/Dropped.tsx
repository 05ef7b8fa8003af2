import { Suspense } from 'react'
import { lazyPart } from '../../../ui/parts'
import { useDrop } from './useDrop'

const DroppedDialog = lazyPart(() => import('./DroppedDialog'))

/** Takes an image that is dropped anywhere, and offers what made it. */
export default function Dropped() {
  const { file, forget } = useDrop()
  return (
    <Suspense>
      {file && <DroppedDialog key={`${file.name} ${file.lastModified}`} file={file} onClose={forget} />}
    </Suspense>
  )
}
