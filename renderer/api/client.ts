import { createORPCClient } from '@orpc/client'
import { RPCLink as FetchLink } from '@orpc/client/fetch'
import { RPCLink as SocketLink } from '@orpc/client/websocket'
import type { ContractRouterClient } from '@orpc/contract'
import ReconnectingSocket from 'partysocket/ws'
import type { Contract } from '../../shared/contract'
import { pageGreeting, pageHeaders } from './page-key'
import { askForProof, proofNeeded } from './proof'

export type Client = ContractRouterClient<Contract>

/** The desktop window speaks over its own protocol; `?link=fetch` makes a browser do the same over HTTP. */
const overFetch = location.protocol === 'regie:' || new URLSearchParams(location.search).get('link') === 'fetch'

/** Set by TanStack Query's options: what a page asks by itself, as it is shown, opens no dialog. */
const isQuery = (context: object) =>
  Object.getOwnPropertySymbols(context).some((symbol) => {
    const operation: unknown = Reflect.get(context, symbol)
    return typeof operation === 'object' && operation !== null && 'type' in operation && operation.type !== 'mutation'
  })

/** A call that needs a proof of who is there asks for it, and is repeated when it was given. */
async function withProof<T>({ next, context }: { next: () => Promise<T>; context: object }): Promise<T> {
  try {
    return await next()
  } catch (error) {
    const need = proofNeeded(error)
    if (need === null || isQuery(context) || !(await askForProof(need))) throw error
    return next()
  }
}

const fetchLink = () =>
  new FetchLink({ url: new URL('/rpc', location.href).href, headers: pageHeaders, interceptors: [withProof] })

/**
 * A browser allows six HTTP/1.1 connections to a host over all tabs, and streams would hold them; one WebSocket carries
 * them all. It opens again by itself after a cut.
 */
const socket = overFetch
  ? null
  : new ReconnectingSocket(new URL('/rpc/ws', location.href.replace(/^http/, 'ws')).href, [], {
      minReconnectionDelay: 250,
      maxReconnectionDelay: 5000,
      maxEnqueuedMessages: 0,
    })

// Before any other message: who listens first is told first.
socket?.addEventListener('open', () => {
  const greeting = pageGreeting()
  if (greeting !== null) socket.send(greeting)
})

export const client: Client = createORPCClient(
  // It behaves as a WebSocket does; only the overloads of its event methods are declared otherwise.
  socket ? new SocketLink({ websocket: socket as unknown as WebSocket, interceptors: [withProof] }) : fetchLink(),
)

/** Always over HTTP: signing in and out sets a cookie, which a WebSocket cannot. */
export const { session: sessionClient, invitations: invitationClient }: Pick<Client, 'session' | 'invitations'> = socket
  ? createORPCClient<Client>(fetchLink())
  : client

/** Cuts a connection that has gone silent, so that it is opened anew. Does nothing over fetch. */
export const reopenConnection = () => socket?.reconnect()
