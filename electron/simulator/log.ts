/** The simulated program's log: printed, and kept for routes that show it. */
export interface Log {
  info: (line: string) => void
  error: (line: string) => void
  lines: () => readonly LogLine[]
  /** Called with every new line; the answer ends it. */
  follow: (listener: (line: LogLine) => void) => () => void
}

export interface LogLine {
  /** ISO time. */
  t: string
  m: string
}

const kept = 300

/** `print` null keeps the log silent, as tests want it. */
export function createLog(print: ((line: string, level: 'info' | 'error') => void) | null): Log {
  const lines: LogLine[] = []
  const listeners = new Set<(line: LogLine) => void>()
  const write = (level: 'info' | 'error') => (line: string) => {
    const entry = { t: new Date().toISOString(), m: `${line}\n` }
    lines.push(entry)
    if (lines.length > kept) lines.shift()
    print?.(line, level)
    for (const listener of listeners) listener(entry)
  }
  return {
    info: write('info'),
    error: write('error'),
    lines: () => lines,
    follow(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}
