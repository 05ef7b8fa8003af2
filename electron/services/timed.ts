/** A look at the program's presence or at its answers, with its time (Unix ms). */
export interface Timed {
  at: number
  tookMs: number
}
