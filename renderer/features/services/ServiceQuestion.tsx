import { lazy, Suspense } from 'react'
import type { ServiceQuestionProps } from './ServiceQuestionDialog'

const ServiceQuestionDialog = lazy(() => import('./ServiceQuestionDialog'))

export type { Question } from './ServiceQuestionDialog'

/** Asks before what costs something; its code is fetched at the first question. */
export function ServiceQuestion({
  question,
  ...props
}: Omit<ServiceQuestionProps, 'question'> & {
  question: ServiceQuestionProps['question'] | null
}) {
  return (
    question && (
      <Suspense>
        <ServiceQuestionDialog question={question} {...props} />
      </Suspense>
    )
  )
}
