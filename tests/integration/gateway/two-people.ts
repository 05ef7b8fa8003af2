import { onTestFinished } from 'vitest'
import type { Guest } from '../../../electron/gateway'
import type { Secret } from '../../../electron/vault/secret'
import type { ServiceConfig } from '../../../shared/contract'
import { guest } from '../../support/front-door'
import { administrator, startThroughGateway } from '../../support/through-gateway'
import { ask } from '../simulator/support'

type Name = 'maya' | 'noah' | 'chief'

const people: Record<Name, Guest> = {
  maya: { ...guest, account: 'maya', name: 'Maya', keyId: 'k-maya' },
  noah: { ...guest, account: 'noah', name: 'Noah', keyId: 'k-noah' },
  chief: administrator,
}

/** A service behind a real gateway, and three people: two users and an administrator. Their keys are their names. */
export async function twoPeopleAt(kind: ServiceConfig['kind'], url: string, secret: Secret | null = null) {
  const through = await startThroughGateway({
    ...{ kind, url, secret },
    admit: ({ headers, query }) =>
      people[(headers.authorization?.slice('Bearer '.length) ?? query.get('token')) as Name],
  })
  onTestFinished(() => through[Symbol.asyncDispose]())
  return {
    ...through,
    /** One request of somebody's. */
    as: (name: Name, path: string, init: Parameters<typeof ask>[1] = {}) =>
      ask(through.url + path, { ...init, headers: { ...init.headers, authorization: `Bearer ${name}` } }),
    /** What a client id is with somebody's key behind it. */
    clientOf: (name: Name, id: string) => `${id}&token=${name}`,
  }
}
