import { Suspense } from 'react'
import type { ChartProps } from './Plot'
import { lazyPart } from '../parts'

const Plot = lazyPart(() => import('./Plot'))

/** A chart whose code is fetched when the first one is shown: a machine without GPUs never needs it. */
export function Chart(props: ChartProps) {
  return (
    <Suspense fallback={<div style={{ height: props.height }} />}>
      <Plot {...props} />
    </Suspense>
  )
}
