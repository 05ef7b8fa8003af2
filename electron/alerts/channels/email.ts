import { connect, isIP, type Socket } from 'node:net'
import { Problem } from '../../../shared/problems'
import type { AlertTarget } from '../../../shared/contract'
import { onAbort } from '../../async/abort'
import type { Channel, Message, SendOptions } from './channel'
import { checkPlain, deliveryMs, networkProblem, onlyPrivate, type Wire } from './wire'

type Email = Extract<AlertTarget, { kind: 'email' }>

/** A socket of our own, which can be cut, and whose address was looked at where nothing is encrypted. */
function dial({ host, port, security }: Email, wire: Wire): Promise<Socket> {
  const lookup = security === 'none' ? onlyPrivate(host, wire) : wire.lookup
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, ...(lookup && { lookup }) })
    socket.once('error', reject)
    socket.once('connect', () => {
      socket.off('error', reject)
      resolve(socket)
    })
    socket.setTimeout(deliveryMs, () => socket.destroy(Object.assign(new Error('silent'), { code: 'ETIMEDOUT' })))
  })
}

/** What went wrong, by codes alone: a server's words may quote what it was told. */
function mailProblem(error: unknown, host: string): Problem {
  if (error instanceof Problem || !(error instanceof Error)) return networkProblem(error, host)
  const code: unknown = 'code' in error ? error.code : null
  const responseCode: unknown = 'responseCode' in error ? error.responseCode : null
  const cause = error.cause instanceof Error && 'code' in error.cause ? networkProblem(error.cause, host) : null
  if (cause?.id === 'alerts.untrusted') return cause
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
    ...{ greetingTimeout: deliveryMs, socketTimeout: deliveryMs, dnsTimeout: deliveryMs },
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
      const seconds = deliveryMs / 1000
      const timer = setTimeout(() => abort.abort(new Problem('alerts.silent', { host, seconds })), deliveryMs)
      let socket: Socket | null = null
      try {
        socket = await dial(target, wire)
        const cut = socket
        onAbort(abort.signal, () => cut.destroy(Object.assign(new Error('cut'), { code: 'ABORTED' })))
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
