import { rmSync, writeFileSync } from 'node:fs'
import { codeLine } from './codes'

/** The ways into a panel that the system has started, for whoever may read its data folder. */
export interface WaysIn {
  /** From now on the panel can be reached; `newLink` makes a link that signs in once. */
  begin(newLink: () => string): void
  /** The link was used: another takes its place. */
  renew(): void
  /** A code that a page has asked for. */
  tell(code: string): void
  end(): void
}

/**
 * Keeps a link that signs in once, and the last code that was asked for, in a file for its owner alone: what a terminal
 * shows elsewhere. Whoever can read it can read, and write, all other files of the panel. It is written again and again
 * but needs no care beyond that: after a crash none of it is good any more.
 */
export function keepWaysIn(file: string): WaysIn {
  // What a killed panel left.
  rmSync(file, { force: true })
  let newLink: (() => string) | null = null
  let link = ''
  const write = (code = '') => writeFileSync(file, `${link}\n${code}`, { mode: 0o600 })
  const renew = () => {
    if (newLink === null) return
    link = newLink()
    write()
  }
  return {
    begin(make) {
      newLink = make
      renew()
    },
    renew,
    tell: (code) => write(codeLine(code)),
    end: () => rmSync(file, { force: true }),
  }
}
