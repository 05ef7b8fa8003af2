/** What is kept open for somebody who has not signed in. */
interface Connection {
  once(event: 'close', listener: () => void): unknown
  close(code: number, reason: string): void
}

export interface StrangersOptions {
  /** So many connections of strangers are open at once; the oldest goes for a new one. */
  most?: number
  /** A stranger's connection is closed after this long, in ms: the sign-in page opens it again by itself. */
  lastsMs?: number
}

/**
 * Keeps the WebSockets of those who have not signed in few and short-lived: the sign-in page needs one, and nobody
 * should be able to hold thousands. Returns what takes in a new one.
 */
export function createStrangers({ most = 32, lastsMs = 5 * 60_000 }: StrangersOptions = {}): {
  /** Takes in a connection; `release` once it is known to be no stranger's. */
  admit(connection: Connection): { release(): void }
} {
  const open = new Set<Connection>()
  return {
    admit(connection) {
      const [oldest] = open
      if (oldest && open.size >= most) {
        open.delete(oldest) // at once: its own end comes later
        oldest.close(4429, 'too many strangers')
      }
      open.add(connection)
      const timer = setTimeout(() => connection.close(4401, 'not signed in'), lastsMs).unref()
      const release = () => {
        clearTimeout(timer)
        open.delete(connection)
      }
      connection.once('close', release)
      return { release }
    },
  }
}
