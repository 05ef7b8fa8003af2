import type { Behaviour } from './behaviour'
import type { Log } from './log'

/** A running simulator. */
export interface Simulator {
  url: string
  port: number
  log: Log
  /** Changes the pace or plans a failure, from the next step on. */
  behave: (changes: Partial<Behaviour>) => void
  close: () => Promise<void>
}
