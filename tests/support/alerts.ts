import { once } from 'node:events'
import {
  createServer as createHttp,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http'
import { createServer as createHttps } from 'node:https'
import { createServer as createTcp, type AddressInfo, type Server, type Socket } from 'node:net'
import { createSecureContext, TLSSocket } from 'node:tls'
import { openAuthority } from '../../electron/tls'
import { handClock } from './hand-clock'
import { temporaryFolder } from './programs'

/** What a server was sent. */
export interface Taken {
  path: string
  headers: IncomingHttpHeaders
  body: string
}

export interface Answering {
  /** Answers a request that was read whole; left out: 204. */
  answer: (response: ServerResponse, taken: Taken) => void
}

const portOf = (server: Server) => (server.address() as AddressInfo).port // it listens on a port

async function listening(server: Server) {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return portOf(server)
}

/** An HTTP server that does what it is told to, and keeps what it was sent. `tls`: over HTTPS. */
export async function httpServer(tls?: { cert: string; key: string }) {
  const taken: Taken[] = []
  const does: Answering = { answer: (response) => void response.writeHead(204).end() }
  const handle = (request: IncomingMessage, response: ServerResponse) => {
    let body = ''
    request.setEncoding('utf8').on('data', (piece: string) => (body += piece))
    request.on('error', () => undefined)
    request.on('end', () => {
      const one = { path: request.url ?? '', headers: request.headers, body }
      taken.push(one)
      does.answer(response, one)
    })
  }
  const server = tls ? createHttps(tls, handle) : createHttp(handle)
  const port = await listening(server)
  return {
    ...{ taken, does, port, url: `http://127.0.0.1:${port}` },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

/** A certificate for some names, and the authority that vouches for it. */
export async function certified(...names: string[]) {
  await using folder = await temporaryFolder()
  const authority = await openAuthority({
    ...{ folder: folder.path, machine: 'test' },
    auditFirst: () => Promise.resolve(),
  })
  await authority.create(names, 'test')
  const { cert, key } = await authority.certificateFor(names.map((value) => ({ type: 'dns', value })))
  return { cert, key, ca: authority.certificate() }
}

type SmtpMood = 'takes' | 'hangs' | 'cuts' | 'refuses-recipient' | 'busy'

interface SmtpOptions {
  /** With it STARTTLS is offered, or, with `isSecure`, spoken from the beginning. */
  tls?: { cert: string; key: string }
  password?: string
}

/** A mail server that does what it is told to: one line after the other, as RFC 5321 has it. */
export async function smtpServer({ tls, password }: SmtpOptions = {}) {
  const messages: string[] = []
  const lines: string[] = []
  const sockets = new Set<Socket>()
  const does: { mood: SmtpMood } = { mood: 'takes' }
  const talk = (socket: Socket | TLSSocket) => {
    const say = (line: string) => socket.write(`${line}\r\n`)
    let data: string | null = null
    let rest = ''
    const heard = (line: string): void => {
      if (data !== null) {
        if (line !== '.') data += `${line}\n`
        else {
          messages.push(data)
          data = null
          say('250 taken')
        }
        return
      }
      lines.push(line)
      const verb = line.slice(0, 4).toUpperCase()
      if (verb === 'EHLO') {
        const secured = socket instanceof TLSSocket
        say(`250-test\r\n${tls && !secured ? '250-STARTTLS\r\n' : ''}250 AUTH PLAIN`)
      } else if (verb === 'STAR' && tls) {
        say('220 go ahead')
        socket.removeAllListeners('data')
        const secure = new TLSSocket(socket, { isServer: true, secureContext: createSecureContext(tls) })
        secure.on('error', () => undefined)
        talk(secure)
      } else if (verb === 'STAR') say('502 not here')
      else if (verb === 'AUTH') {
        const given = Buffer.from(line.split(' ')[2] ?? '', 'base64')
          .toString('utf8')
          .split('\0')[2]
        say(given === password ? '235 welcome' : `535 ${given ?? ''} is wrong`)
      } else if (verb === 'RCPT' && does.mood === 'refuses-recipient') say('550 nobody here')
      else if (verb === 'MAIL' && does.mood === 'busy') say('451 later')
      else if (verb === 'DATA') {
        if (does.mood === 'cuts') socket.destroy()
        else {
          data = ''
          say('354 go on')
        }
      } else say(verb === 'QUIT' ? '221 bye' : '250 fine')
    }
    socket.on('data', (piece: Buffer) => {
      const [last = '', ...whole] = (rest + piece.toString('utf8')).split('\r\n').reverse()
      rest = last
      for (const line of whole.reverse()) heard(line)
    })
  }
  const server = createTcp((socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.on('close', () => sockets.delete(socket))
    if (does.mood === 'hangs') return
    talk(socket)
    socket.write('220 test\r\n')
  })
  const port = await listening(server)
  return {
    ...{ messages, lines, does, port },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

/** Two clocks that are moved by hand: the wall's, which may jump, and the steady one, by which timers go. */
export function twoClocks(start: number) {
  const steady = handClock(1_000_000)
  let offset = start - steady.now()
  return {
    now: () => steady.now() + offset,
    steady: () => steady.now(),
    after: (ms: number, wake: () => void) => steady.after(ms, wake),
    pass: (ms: number) => steady.moveTo(steady.now() + ms),
    jump: (ms: number) => (offset += ms),
  }
}
