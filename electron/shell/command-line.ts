import path from 'node:path'
import { parseArgs } from 'node:util'

export interface DesktopOptions {
  /** Another data folder than the user's own, absolute. */
  data: string | null
  /** Start from two simulated services; the vault's key lies in a file beside it. */
  demo: boolean
  /** Begin without a window: the system starts it at the sign-in. */
  hidden: boolean
}

/** Reads the program's own arguments and leaves Chromium's switches, which share the command line, alone. */
export function parseDesktopOptions(args: string[]): DesktopOptions {
  const { values } = parseArgs({
    args,
    strict: false,
    allowPositionals: true,
    options: { data: { type: 'string' }, demo: { type: 'boolean' }, hidden: { type: 'boolean' } },
  })
  const { data, demo, hidden } = values
  return {
    data: typeof data === 'string' && data !== '' ? path.resolve(data) : null,
    demo: demo === true,
    hidden: hidden === true,
  }
}
