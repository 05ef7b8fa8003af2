import { Suspense } from 'react'
import type { ServiceQuestionProps } from './ServiceQuestionDialog'
import { lazyPart } from '../../ui/parts'

const ServiceQuestionDialog = lazyPart(() => import('./ServiceQuestionDialog'))

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
