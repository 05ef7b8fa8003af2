import { once } from 'node:events'
import { connect, isIP, type Socket } from 'node:net'
import { Problem } from '../../../shared/problems'
import type { AlertTarget } from '../../../shared/contract'
import { onAbort } from '../../async/abort'
import type { Channel, Message, SendOptions } from './channel'
import { checkPlain, deliveryMsOf, networkProblem, onlyPrivate, type Wire } from './wire'

type Email = Extract<AlertTarget, { kind: 'email' }>

/** A socket of our own, which can be cut, and whose address was looked at where nothing is encrypted. */
async function dial({ host, port, security }: Email, wire: Wire, signal: AbortSignal): Promise<Socket> {
  const lookup = security === 'none' ? onlyPrivate(host, wire) : wire.lookup
  const socket = connect({ host, port, ...(lookup && { lookup }) })
  // Whoever waits for it is told; one that is cut when nobody does is no bug.
  socket.on('error', () => undefined)
  onAbort(signal, () => socket.destroy(Object.assign(new Error('cut'), { code: 'ABORTED' })))
  await once(socket, 'connect')
  return socket
}

/** What went wrong, by codes alone: a server's words may quote what it was told. */
function mailProblem(error: unknown, host: string): Problem {
  if (error instanceof Problem || !(error instanceof Error)) return networkProblem(error, host)
  const code: unknown = 'code' in error ? error.code : null
  const responseCode: unknown = 'responseCode' in error ? error.responseCode : null
  // nodemailer has a code of its own for whatever befalls a socket; the words are node's.
  if (/certificate|altnames/i.test(error.message)) return new Problem('alerts.untrusted', { host, detail: 'TLS' })
  if (typeof responseCode === 'number' && responseCode > 0)
    return new Problem('alerts.mail-refused', { host, detail: responseCode })
  if (code === 'EAUTH' || code === 'EENVELOPE' || code === 'ETLS')
    return new Problem('alerts.mail-refused', { host, detail: code })
  return networkProblem(error, host)
}

async function send(target: Email, message: Message, { secret, wire }: SendOptions, socket: Socket): Promise<void> {
  // It is large, and most panels send none.
  const { createTransport } = await import('nodemailer')
  const { host, port, security, username, from, to } = target
  const transport = createTransport({
    ...{ host, port, connection: socket, secure: security === 'tls', requireTLS: security === 'starttls' },
    ignoreTLS: security === 'none',
    tls: { ...(isIP(host) === 0 && { servername: host }), ...(wire.ca !== undefined && { ca: wire.ca }) },
    ...(username !== null && { auth: { user: username, pass: secret ?? '' } }),
    // Nothing in a message is a file or an address to be read.
    ...{ disableFileAccess: true, disableUrlAccess: true, logger: false },
  })
  await transport.sendMail({
    from: { name: 'Regie', address: from },
    to: to.map((address) => ({ name: '', address })),
    subject: message.title,
    text: `${message.text}\n`,
    messageId: `<${message.id}@regie.invalid>`,
    date: new Date(message.at),
    headers: { 'Auto-Submitted': 'auto-generated' },
  })
}

export function email(target: Email): Channel {
  const { host, port, security, username, isPrivate } = target
  return {
    secret: username === null ? 'none' : 'needed',
    secretIs: 'password',
    place: `${host} ${port} ${security} ${username}`,
    check(secret) {
      if (security === 'none') checkPlain(host, isPrivate)
      if (username !== null && secret === null) throw new Problem('alerts.secret-needed', { what: 'password' })
    },
    async send(message, options) {
      const { signal, wire } = options
      const abort = new AbortController()
      const leave = onAbort(signal, () => abort.abort())
      const mostMs = deliveryMsOf(wire)
      const silent = () => abort.abort(new Problem('alerts.silent', { host, seconds: mostMs / 1000 }))
      const timer = setTimeout(silent, mostMs)
      let socket: Socket | null = null
      try {
        socket = await dial(target, wire, abort.signal)
        await send(target, message, options, socket)
      } catch (error) {
        throw abort.signal.reason instanceof Problem ? abort.signal.reason : mailProblem(error, host)
      } finally {
        clearTimeout(timer)
        leave()
        socket?.destroy()
      }
    },
  }
}
