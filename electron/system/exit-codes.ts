/** How a program ended: its exit code, or the signal that ended it (POSIX). */
export interface Exit {
  code: number | null
  signal: string | null
}

/** What an exit says of the program's end. */
export type ExitMeaning =
  | { is: 'clean' | 'killed' | 'not-executable' | 'not-found' | 'unknown' }
  /** Something outside asked it to end. */
  | { is: 'asked'; signal: string }
  /** It broke: the signal, or Windows' status with its name. */
  | { is: 'crashed'; signal: string }
  | { is: 'code'; code: number }

/** Shells and container engines report a signal as 128 + its number, by Linux' numbers on every system. */
const signals: Readonly<Record<number, string>> = {
  130: 'SIGINT',
  131: 'SIGQUIT',
  132: 'SIGILL',
  134: 'SIGABRT',
  135: 'SIGBUS',
  136: 'SIGFPE',
  137: 'SIGKILL',
  139: 'SIGSEGV',
  143: 'SIGTERM',
}
const crashes = new Set(['SIGILL', 'SIGABRT', 'SIGBUS', 'SIGFPE', 'SIGSEGV'])

/** Windows ends a program that broke with an NTSTATUS of this severity. */
const windowsError = 0xc0000000
/** CTRL+C, CTRL+BREAK or the console's close: how Windows asks a program to end. */
const windowsInterrupt = 0xc000013a
const windowsErrors: Readonly<Record<number, string>> = {
  0xc0000005: 'access violation',
  0xc00000fd: 'stack overflow',
  0xc0000135: 'a DLL was not found',
  0xc0000142: 'a DLL did not start',
  0xc0000374: 'heap corruption',
  0xc0000409: 'stack buffer overrun',
}

function readWindowsError(status: number): ExitMeaning {
  const hex = `0x${status.toString(16)}`
  if (status === windowsInterrupt) return { is: 'asked', signal: `CTRL_C ${hex}` }
  const name = windowsErrors[status]
  return { is: 'crashed', signal: name === undefined ? hex : `${hex}: ${name}` }
}

/** Reads an exit by the habits of all systems: a container of one may run on another. 126 and 127 are a shell's. */
export function readExit(exit: Exit): ExitMeaning {
  const signal = exit.signal ?? signals[exit.code ?? -1]
  if (signal === 'SIGKILL') return { is: 'killed' }
  if (signal !== undefined) return { is: crashes.has(signal) ? 'crashed' : 'asked', signal }
  const { code } = exit
  switch (code) {
    case null:
      return { is: 'unknown' }
    case 0:
      return { is: 'clean' }
    case 126:
      return { is: 'not-executable' }
    case 127:
      return { is: 'not-found' }
    default:
      // Some report the status as a signed number.
      return code >>> 0 >= windowsError ? readWindowsError(code >>> 0) : { is: 'code', code }
  }
}
