import { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { request as send, type IncomingMessage } from 'node:http'
import net from 'node:net'
import tls from 'node:tls'
import { Problem } from '../../shared/problems'
import { networkProblem } from '../kinds/http'

/** Where this machine itself reaches a listener. */
export interface ListenerPlace {
  host: string
  port: number
  /** The certificate that it shows, in PEM; null for plain HTTP. */
  cert: string | null
}

/** An address that stands for all of a machine's is asked at the loopback. */
const reached = (host: string) => (host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host)

/**
 * A connection to whoever shows the listener's own certificate, and to nobody else. Who vouches for it does not matter: it
 * is known here, and may be of an authority that only its users trust.
 */
async function connected({ host, port, cert }: ListenerPlace, signal: AbortSignal): Promise<net.Socket> {
  const at = { host: reached(host), port }
  const socket = cert === null ? net.connect(at) : tls.connect({ ...at, rejectUnauthorized: false })
  try {
    await once(socket, cert === null ? 'connect' : 'secureConnect', { signal })
    const isOther =
      cert !== null &&
      (!(socket instanceof tls.TLSSocket) || !socket.getPeerCertificate().raw.equals(new X509Certificate(cert).raw))
    if (isOther) throw new Problem('backend.tls', { url: `https://${at.host}:${port}`, detail: 'another certificate' })
    return socket
  } catch (error) {
    socket.on('error', () => undefined).destroy()
    throw error
  }
}

/**
 * Asks a listener with a key and answers the status. Throws a Problem when nothing answers, and the signal's reason when it
 * is aborted.
 */
export async function askListener(
  place: ListenerPlace,
  { path, key }: { path: string; key: string },
  signal: AbortSignal,
): Promise<number> {
  const { port } = place
  const host = reached(place.host)
  try {
    const socket = await connected(place, signal)
    const headers = { authorization: `Bearer ${key}`, accept: 'application/json', 'user-agent': 'Regie' }
    const request = send({ host, port, path, headers, signal, createConnection: () => socket })
    request.on('error', () => undefined) // what comes before the answer is thrown below
    request.end()
    const [answer] = (await once(request, 'response')) as [IncomingMessage] // as node documents it
    // What is left of it comes or is cut: only the status counts.
    answer.on('error', () => undefined).resume()
    return answer.statusCode ?? 0
  } catch (error) {
    signal.throwIfAborted()
    if (error instanceof Problem) throw error
    throw networkProblem(error, `http://${net.isIPv6(host) ? `[${host}]` : host}:${port}`) ?? error
  }
}
