import { reason, type Reason } from '../../shared/problems'

/** How a program ended: its exit code, or the signal that ended it (POSIX). */
export interface Exit {
  code: number | null
  signal: string | null
}

/** Shown where a program wrote nothing before it ended. */
const nothing = '–'

const signalCodes: Record<number, string> = {
  130: 'SIGINT',
  134: 'SIGABRT',
  135: 'SIGBUS',
  137: 'SIGKILL',
  139: 'SIGSEGV',
  143: 'SIGTERM',
}

/** Windows ends a program that broke with an NTSTATUS as its exit code: 0xC0000005 and the like. */
const isWindowsCrash = (code: number) => code >>> 0 >= 0xc0000000

/** `exit code 1`, `SIGKILL`: for log lines and evidence. */
export const nameExit = ({ code, signal }: Exit) => signal ?? (code === null ? 'unknown exit' : `exit code ${code}`)

/**
 * Says why a service ended that nobody asked to end. Shells and containers report a signal as 128 + its number;
 * 126 and 127 are a shell's "cannot execute" and "not found". `line` is the last line that it wrote, if any.
 */
export function explainExit(id: string, exit: Exit, line: string | null): Reason {
  const params = { id, line: line ?? nothing }
  const signal = exit.signal ?? signalCodes[exit.code ?? -1] ?? null
  switch (signal) {
    case 'SIGKILL':
      return reason('service.exit-killed', params)
    case 'SIGSEGV':
    case 'SIGABRT':
    case 'SIGBUS':
    case 'SIGILL':
    case 'SIGFPE':
      return reason('service.exit-crashed', { ...params, signal })
    case null:
      break
    default:
      return reason('service.exit-signal', { ...params, signal })
  }
  switch (exit.code) {
    case null:
      return reason('service.exit-unknown', params)
    case 0:
      return reason('service.exit-clean', params)
    case 126:
      return reason('service.exit-not-executable', params)
    case 127:
      return reason('service.exit-not-found', params)
    default:
      return isWindowsCrash(exit.code)
        ? reason('service.exit-crashed', { ...params, signal: `0x${(exit.code >>> 0).toString(16)}` })
        : reason('service.exit-code', { ...params, code: exit.code })
  }
}

/** Says why a command could not be started at all. `error` is the system's code, e.g. `ENOENT`. */
export function explainLaunchFailure(command: string, error: string): Reason {
  switch (error) {
    case 'ENOENT':
      return reason('service.command-missing', { command })
    case 'EACCES':
    case 'EPERM':
    case 'ENOEXEC':
      return reason('service.command-refused', { command, error })
    case 'EINVAL':
      return reason('service.command-is-script', { command })
    default:
      return reason('service.launch-failed', { command, error })
  }
}
