import { createServer } from 'node:net'

const canListen = (port: number) =>
  new Promise<boolean>((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })

/** The first TCP port from `from` on that nothing listens on at the loopback address now. */
export async function freePort(from: number): Promise<number> {
  for (let port = from; port < from + 500; port += 1) if (await canListen(port)) return port
  throw new Error(`no free port from ${from} on`)
}
