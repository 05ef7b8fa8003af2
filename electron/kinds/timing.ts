/** How long the clients wait, in ms. Tests shorten it. */
export interface BackendTiming {
  /** One ordinary call. */
  callMs: number
  /** WebSocket pings; many proxies close a socket that is idle for 60 s. */
  pingMs: number
  /** Beat of the checks on a running ComfyUI job, and of reconnecting. */
  tickMs: number
  /** Silence on a healthy socket after which the queue is looked at. */
  quietMs: number
  /** Time without any answer after which a running job is given up. */
  lostAfterMs: number
  /** Time that a cancelled job has to stop: a model load cannot be interrupted. */
  cancelGraceMs: number
  /** Longest time that a job may run on the service. */
  jobMs: number
  /** Forge: time between two looks at the progress, and between two previews. */
  pollMs: number
  previewMs: number
}

export const defaultTiming: BackendTiming = {
  callMs: 10_000,
  pingMs: 25_000,
  tickMs: 1_000,
  quietMs: 15_000,
  lostAfterMs: 20_000,
  cancelGraceMs: 10_000,
  jobMs: 60 * 60_000,
  pollMs: 500,
  previewMs: 1_000,
}
