/** What `regie check` looks at, in this order; `golden` only where it is asked for, since it generates images. */
export const areas = ['services', 'drift', 'credentials', 'exposure', 'golden', 'attention'] as const
export type Area = (typeof areas)[number]

/** One thing that was looked at. */
export interface Finding {
  area: Area
  /** The service, the credential, or what needs attention. */
  name: string
  /** `skipped`: it could not be told, or was not asked for; the message says why. */
  state: 'passed' | 'failed' | 'skipped'
  message: string
  hint: string
  tookMs: number
}
