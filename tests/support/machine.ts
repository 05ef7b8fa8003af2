import { Readable } from 'node:stream'
import type { Machine } from '../../electron/command/machine'

interface Wished {
  platform?: NodeJS.Platform
  env?: NodeJS.ProcessEnv
  home?: string
  typed?: string
  isTty?: boolean
}

/** A machine of this system on which a person types these lines, and what is printed there. */
export function machine({
  platform = 'linux',
  env = {},
  home = '/nonexistent',
  typed = '',
  isTty = false,
}: Wished = {}) {
  const said = { out: '', err: '' }
  const input: Machine['terminal']['input'] = Readable.from([typed])
  const place: Machine = {
    ...{ platform, env, home, systemLocale: () => 'en-US', columns: 80, shows: { out: isTty, err: isTty } },
    terminal: {
      input: Object.assign(input, { isTTY: isTty }),
      out: (text) => void (said.out += text),
      err: (text) => void (said.err += text),
    },
    onEnd: () => undefined,
  }
  return { place, out: () => said.out, err: () => said.err }
}
