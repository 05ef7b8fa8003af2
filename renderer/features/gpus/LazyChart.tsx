import { lazy, Suspense } from 'react'
import type { ChartProps } from './Chart'

const Chart = lazy(() => import('./Chart'))

/** A chart whose code is fetched when the first one is shown: a machine without GPUs never needs it. */
export function LazyChart(props: ChartProps) {
  return (
    <Suspense fallback={<div style={{ height: props.height }} />}>
      <Chart {...props} />
    </Suspense>
  )
}
