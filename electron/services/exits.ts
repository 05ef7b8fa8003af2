import { reason, type Reason } from '../../shared/problems'
import { readExit, type Exit } from '../system/exit-codes'

/** Shown where a program wrote nothing before it ended. */
const nothing = '–'

/** `exit code 1`, `SIGKILL`: for log lines and evidence. */
export const nameExit = ({ code, signal }: Exit) => signal ?? (code === null ? 'unknown exit' : `exit code ${code}`)

/** Says why a service ended that nobody asked to end. `line` is the last line that it wrote, if any. */
export function explainExit(id: string, exit: Exit, line: string | null): Reason {
  const params = { id, line: line ?? nothing }
  const meaning = readExit(exit)
  switch (meaning.is) {
    case 'clean':
    case 'killed':
    case 'not-executable':
    case 'not-found':
    case 'unknown':
      return reason(`service.exit-${meaning.is}`, params)
    case 'asked':
      return reason('service.exit-signal', { ...params, signal: meaning.signal })
    case 'crashed':
      return reason('service.exit-crashed', { ...params, signal: meaning.signal })
    case 'code':
      return reason('service.exit-code', { ...params, code: meaning.code })
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
