import { createServer } from 'node:net'

/** Whether something could listen on the port at the loopback address now. */
const canListen = (port: number) =>
  new Promise<boolean>((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })

/** Who has a port on this machine; null when it is free. */
export type PortHolder = (port: number) => string | null

/** Who has the port, in words; null when it is free. A container that is stopped holds none, a service keeps its own. */
export async function holderOf(port: number, known: PortHolder): Promise<string | null> {
  return known(port) ?? ((await canListen(port)) ? null : 'another program')
}

/** The first free port from `from` on. */
export async function firstFree(from: number, known: PortHolder): Promise<number> {
  for (let port = from; port <= Math.min(from + 200, 65_535); port += 1)
    if ((await holderOf(port, known)) === null) return port
  return from
}
