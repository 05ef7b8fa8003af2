import { rmSync, writeFileSync } from 'node:fs'
import { systemClock, type Clock } from '../async/clock'
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

interface WaysInOptions {
  /** Told when the file cannot be written, and with null when it can be again. */
  onTrouble: (error: unknown) => void
  clock?: Pick<Clock, 'after'>
}

/** A disk that took nothing may take something later, in ms. */
const againMs = 60_000

/**
 * Keeps a link that signs in once, and the last code that was asked for, in a file for its owner alone: what a terminal
 * shows elsewhere. Whoever can read it can read, and write, all other files of the panel. It is written again and again
 * but needs no care beyond that: after a crash none of it is good any more. Nobody is refused because it cannot be
 * written: that is told, and tried again.
 */
export function keepWaysIn(file: string, { onTrouble, clock = systemClock }: WaysInOptions): WaysIn {
  // What a killed panel left.
  rmSync(file, { force: true })
  let newLink: (() => string) | null = null
  let link = ''
  let isFailing = false
  let cancelRetry: () => void = () => undefined
  const write = (code = '') => {
    cancelRetry()
    try {
      writeFileSync(file, `${link}\n${code}`, { mode: 0o600 })
    } catch (error) {
      cancelRetry = clock.after(againMs, () => write(code))
      isFailing = true
      onTrouble(error)
      return
    }
    if (isFailing) onTrouble(null)
    isFailing = false
  }
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
    end() {
      cancelRetry()
      rmSync(file, { force: true })
    },
  }
}
