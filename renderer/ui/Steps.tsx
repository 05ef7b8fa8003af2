import { IconCheck, IconLoader2, IconX } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import c from './Steps.module.css'

export type StepState = 'waiting' | 'running' | 'done' | 'failed'

function StepNode({ state, number }: { state: StepState; number: number }) {
  switch (state) {
    case 'done':
      return (
        <span className={c.done}>
          <IconCheck size={13} stroke={2.5} aria-hidden />
        </span>
      )
    case 'running':
      return (
        <span className={c.running}>
          <IconLoader2 size={20} className="turning" aria-hidden />
        </span>
      )
    case 'failed':
      return (
        <span className={c.failed}>
          <IconX size={13} stroke={2.5} aria-hidden />
        </span>
      )
    case 'waiting':
      return <span className={c.waiting}>{number}</span>
  }
}

export interface StepShown {
  id: string
  state: StepState
  title: string
  /** The state's own word, for whoever does not see the mark. */
  word: string
  /** How long it took; null while that is not known. */
  took: string | null
  /** Its evidence, in lines. */
  evidence: ReactNode
}

/** A transaction, step by step. Each step keeps its evidence; the reader can stop at the title. */
export function Steps({ steps }: { steps: readonly StepShown[] }) {
  return (
    <ol className={c.steps}>
      {steps.map(({ id, state, title, word, took, evidence }, index) => (
        <li key={id} className={c.step} data-state={state} aria-current={state === 'running' ? 'step' : undefined}>
          <StepNode state={state} number={index + 1} />
          <div className={c.stepText}>
            <div className={c.stepHead}>
              <h3>
                {title}
                <span className="visually-hidden">, {word}</span>
              </h3>
              {took !== null && <span>{took}</span>}
            </div>
            {evidence}
          </div>
        </li>
      ))}
    </ol>
  )
}
