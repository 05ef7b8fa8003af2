import path from 'node:path'
import type { Deployment } from '../../shared/contract'
import { Problem } from '../../shared/problems'
import { runDeployment, type Work } from './deploy'
import type { StackParts } from './parts'
import { createUndoing, type Undoing } from './undo'

/** A folder that stays only because of something in it goes without saying. */
const innermost = (kept: readonly string[]) =>
  kept.filter((one) => !kept.some((other) => other !== one && other.startsWith(one + path.sep)))

/** One deployment: how it stands, and what takes it back. */
export class Deploying {
  readonly #parts: StackParts
  readonly #undoing: Undoing
  readonly #controller = new AbortController()
  #deployment: Deployment
  #ended: Promise<void> = Promise.resolve()

  constructor(parts: StackParts, deployment: Deployment) {
    this.#parts = parts
    this.#undoing = createUndoing((error) => parts.reportBug(error))
    this.#deployment = deployment
  }

  get deployment(): Deployment {
    return this.#deployment
  }

  /** Resolves when it has ended and, where that was asked for, is undone. Never rejects for an expected failure. */
  get ended(): Promise<void> {
    return this.#ended
  }

  /** Whether everything is made but for the start. */
  get isWhole(): boolean {
    return this.#deployment.steps.find(({ id }) => id === 'start')?.state !== 'waiting'
  }

  begin(what: Pick<Work, 'template' | 'order' | 'plan' | 'who'>) {
    this.#change({})
    this.#ended = this.#run(what)
  }

  abort() {
    this.#controller.abort()
  }

  /** Cancels it while it goes on, or takes it back where it did not start. Throws `stacks.cannot-undo` when it is done. */
  async undo(): Promise<Deployment> {
    switch (this.#deployment.state) {
      case 'running':
        this.abort()
        break
      case 'not-started':
        this.#ended = this.#takeBack()
        break
      case 'done':
        throw new Problem('stacks.cannot-undo', { id: this.#deployment.serviceId })
      case 'undoing':
      case 'undone':
        break
    }
    await this.#ended
    return this.#deployment
  }

  #change(part: Partial<Deployment>) {
    this.#deployment = { ...this.#deployment, ...part }
    this.#parts.publish({ type: 'deployment', deployment: this.#deployment })
  }

  async #run(what: Pick<Work, 'template' | 'order' | 'plan' | 'who'>) {
    const { signal } = this.#controller
    try {
      await runDeployment({
        ...what,
        parts: this.#parts,
        undoing: this.#undoing,
        signal,
        onStep: (step, state, detail) => {
          const steps = this.#deployment.steps.map((one) =>
            one.id === step ? { ...one, state, detail: detail ?? one.detail } : one,
          )
          this.#change({ steps })
        },
      })
      this.#change({ state: 'done', finishedAt: Date.now() })
    } catch (error) {
      if (!(error instanceof Problem)) this.#parts.reportBug(error)
      this.#change({ reason: (error instanceof Problem ? error : new Problem('stacks.failed')).reason })
      // Whatever is complete but for its start is worth keeping: the cause can be mended and the start repeated.
      if (this.isWhole && !signal.aborted) this.#change({ state: 'not-started', finishedAt: Date.now() })
      else await this.#takeBack()
    }
  }

  async #takeBack() {
    this.#change({ state: 'undoing' })
    const kept = innermost(await this.#undoing.all())
    this.#change({ state: 'undone', kept, finishedAt: Date.now() })
  }
}
