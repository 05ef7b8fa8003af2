import { Suspense } from 'react'
import type { Service, TimelineEntry } from '../../../shared/contract'
import { hasPlan } from './useStartPlan'
import { canStart } from './state'
import { hasWaiting, type Waits } from './waits'
import { lazyPart } from '../../ui/parts'

/* Lines that most services never show: their code and words are fetched with the first one. */
const StartPlanLine = lazyPart(() => import('./StartPlanLine'))
const StepLines = lazyPart(async () => ({ default: (await import('./NowLines')).StepLines }))
const LastKnownLine = lazyPart(async () => ({ default: (await import('./NowLines')).LastKnownLine }))
const WaitingLine = lazyPart(async () => ({ default: (await import('./WaitingLines')).WaitingLine }))
const AsleepLines = lazyPart(async () => ({ default: (await import('./WaitingLines')).AsleepLines }))

/** That a request wakes a service, and what waits for it, at its gateway or in the line of its card. */
export const Waiting = ({ waits }: { waits: Waits }) =>
  hasWaiting(waits) && (
    <Suspense>
      <WaitingLine waits={waits} />
    </Suspense>
  )

/** That Regie put a service to sleep. */
export const Asleep = (props: { service: Service; why: NonNullable<TimelineEntry['reason']> }) => (
  <Suspense>
    <AsleepLines {...props} />
  </Suspense>
)

/** What a start would find and do; nothing where a start does no more than run a program, or while it is up. */
export const StartPlan = ({ service }: { service: Service }) =>
  hasPlan(service) &&
  canStart(service) && (
    <Suspense>
      <StartPlanLine service={service} />
    </Suspense>
  )

/** What is being done to the service now. */
export const Step = ({ service }: { service: Service }) =>
  service.progress && (
    <Suspense>
      <StepLines service={service} progress={service.progress} />
    </Suspense>
  )

/** How a service stood before Docker fell silent. */
export const LastKnown = ({ id }: { id: string }) => (
  <Suspense>
    <LastKnownLine id={id} />
  </Suspense>
)
