import os from 'node:os'
import type { Language } from '../../shared/problems'
import { fileErrorCode } from '../storage/files'
import { exits } from './exits'
import { processTerminal, type Terminal } from './terminal'

/** What the commands know of the machine; a test says it. */
export interface Machine {
  platform: NodeJS.Platform
  env: NodeJS.ProcessEnv
  home: string
  /** The language of the system, where no variable says one: Windows sets none. Asked only then, for it takes a while. */
  systemLocale: () => string
  terminal: Terminal
  /** Whether a person sees what is written to stdout, and to stderr. */
  shows: { out: boolean; err: boolean }
  columns: number
  /** Calls back at Ctrl+C, and when nobody reads stdout any more. */
  onEnd(interrupted: () => void, unread: () => void): void
}

/** The machine that this process runs on. */
export function machineHere(): Machine {
  return {
    platform: process.platform,
    env: process.env,
    home: os.homedir(),
    systemLocale: () => Intl.DateTimeFormat().resolvedOptions().locale,
    terminal: processTerminal,
    shows: { out: process.stdout.isTTY, err: process.stderr.isTTY },
    columns: process.stderr.columns,
    onEnd(interrupted, unread) {
      // Windows sends SIGBREAK for Ctrl+Break.
      let isAsked = false
      const ask = () => {
        // Whoever asks a second time does not want to wait for anything.
        if (isAsked) process.exit(exits.interrupted)
        isAsked = true
        interrupted()
      }
      for (const signal of ['SIGINT', 'SIGTERM', 'SIGBREAK'] as const) process.on(signal, ask)
      const failed = (error: Error) => {
        // What is written into a pipe that is closed is no fault of the command's, and nobody is there to be told.
        if (fileErrorCode(error) === 'EPIPE') unread()
        else {
          process.exitCode = exits.failed
          throw error
        }
      }
      for (const stream of [process.stdout, process.stderr]) stream.on('error', failed)
    },
  }
}

/**
 * The language of a command's words, as programs of a terminal choose it: the first variable that says one, and on
 * Windows, which sets none, the system's.
 */
export function languageOf({
  env,
  platform,
  systemLocale,
}: Pick<Machine, 'env' | 'platform' | 'systemLocale'>): Language {
  const said = [env['LC_ALL'], env['LC_MESSAGES'], env['LANG']].find((value) => value !== undefined && value !== '')
  const locale = said ?? (platform === 'win32' ? systemLocale() : 'C')
  return /^fr(?![a-z])/i.test(locale) ? 'fr' : 'en'
}
