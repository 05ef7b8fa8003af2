import type { Alert } from '../../../shared/contract'
import type { AlertSeverity } from '../../../shared/alert-rules'
import type { Problem } from '../../../shared/problems'
import type { Wire } from './wire'

/** One alert that was raised or is over, in words. */
export interface MessageLine {
  alert: Alert
  phase: 'firing' | 'over'
  text: string
}

/** What is sent. Neither a secret nor a prompt stands in it, nor where something lies or answers. */
export interface Message {
  /** The same at each try, so that who gets it twice can tell. */
  id: string
  at: number
  isTest: boolean
  severity: AlertSeverity
  title: string
  /** As many as are told; `more` are left out. */
  lines: readonly MessageLine[]
  more: number
  /** Title apart, the lines as one text, with what is left out. */
  text: string
}

export interface SendOptions {
  /** The channel's secret; null where it has none. */
  secret: string | null
  signal: AbortSignal
  wire: Wire
  now: () => number
}

/** A way of being told, as one target sets it. */
export interface Channel {
  /** Whether it has a secret: `drawn` where one is made if none is given. */
  secret: 'none' | 'optional' | 'needed' | 'drawn'
  /** What that is, for whoever has to give it. */
  secretIs: string
  /** Where its secret is sent, or what it opens: where that changes, it has to be given again. */
  place: string
  /** Throws a Problem where nothing may or can be sent like this. */
  check(secret: string | null): void
  /** Resolves when it was taken. Throws a Problem, `RetryLater` where the other side said when to come again. */
  send(message: Message, options: SendOptions): Promise<void>
}

/** A refusal that says when to try again. */
export class RetryLater extends Error {
  constructor(
    readonly problem: Problem,
    readonly afterMs: number,
  ) {
    super(problem.message, { cause: problem })
  }
}
