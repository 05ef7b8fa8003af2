import path from 'node:path'
import { onTestFinished } from 'vitest'
import { createListeners } from '../../../electron/async/listeners'
import { createRule, type Guest } from '../../../electron/gateway'
import { openLedger } from '../../../electron/ledger'
import type { PanelEvent, ServiceConfig } from '../../../shared/contract'
import { guest, startFrontDoor } from '../../support/front-door'
import { ask, folder } from '../simulator/support'

type Name = 'maya' | 'noah' | 'chief'

const people: Record<Name, Guest> = {
  maya: { ...guest, account: 'maya', name: 'Maya', keyId: 'k-maya' },
  noah: { ...guest, account: 'noah', name: 'Noah', keyId: 'k-noah' },
  chief: { ...guest, account: 'chief', name: 'Chief', keyId: 'k-chief', role: 'admin' },
}

/**
 * A service behind a real gateway with its rules and a real ledger, and three people: two users and an administrator. Their
 * keys are their names.
 */
export async function twoPeopleAt(kind: ServiceConfig['kind'], url: string) {
  const failed: unknown[] = []
  const ledger = await openLedger({ file: path.join(folder(), 'gateway.db'), failed: (error) => failed.push(error) })
  onTestFinished(() => ledger.close())
  const config: ServiceConfig = { id: 'qwen', kind, runtime: 'external', url }
  const rule = createRule({
    ...{
      config: () => config,
      owners: ledger.owners,
      lendSecret: () => async (use) => use(null),
      redact: (text) => text,
    },
    ...{ numberFor: () => null, listen: createListeners<[PanelEvent]>().on },
  })
  const door = await startFrontDoor({
    ...{ kind, url },
    stages: (open) => ({
      ...open,
      rule,
      admit: ({ headers, query }) =>
        people[(headers.authorization?.slice('Bearer '.length) ?? query.get('token')) as Name],
    }),
  })
  onTestFinished(() => door[Symbol.asyncDispose]())
  return {
    door,
    ledger,
    failed,
    /** One request of somebody's. */
    as: (name: Name, path: string, init: Parameters<typeof ask>[1] = {}) =>
      ask(door.url + path, { ...init, headers: { ...init.headers, authorization: `Bearer ${name}` } }),
    /** What a client id is with somebody's key behind it. */
    clientOf: (name: Name, id: string) => `${id}&token=${name}`,
  }
}
