import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { createListeners } from '../../electron/async/listeners'
import { createRule, type Asked, type Guest, type Stages } from '../../electron/gateway'
import { openLedger, type Ledger } from '../../electron/ledger'
import type { Secret } from '../../electron/vault/secret'
import type { PanelEvent, ServiceConfig } from '../../shared/contract'
import { guest, startFrontDoor } from './front-door'

/** An administrator, for whom nothing is refused. */
export const administrator: Guest = { ...guest, account: 'chief', name: 'Chief', keyId: 'k-chief', role: 'admin' }

interface Through {
  kind: ServiceConfig['kind']
  /** The service that stands behind. */
  url: string
  secret?: Secret | null
  admit: (asked: Asked) => Guest
  /** Further stages, over a ledger that counts. */
  stages?: (ruled: Stages, ledger: Ledger) => Stages
}

/** A real gateway with the rules of its kind and a real ledger, in this process, in front of one service. */
export async function startThroughGateway({ kind, url, secret = null, admit, stages = (ruled) => ruled }: Through) {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'regie-through-gateway-'))
  const failed: unknown[] = []
  const ledger = await openLedger({ file: path.join(folder, 'gateway.db'), failed: (error) => failed.push(error) })
  const config: ServiceConfig = { id: 'qwen', kind, runtime: 'external', url }
  const rule = createRule({
    ...{ config: () => config, owners: ledger.owners, lendSecret: () => async (use) => use(secret) },
    ...{
      redact: (text) => text,
      numberFor: () => null,
      hasEnded: () => false,
      listen: createListeners<[PanelEvent]>().on,
    },
  })
  const door = await startFrontDoor({
    ...{ kind, url, secret: () => secret },
    stages: (open) => stages({ ...open, rule, admit }, ledger),
  })
  return {
    door,
    url: door.url,
    /** What the ledger could not write. */
    failed,
    async [Symbol.asyncDispose]() {
      await door[Symbol.asyncDispose]()
      ledger.close()
      await rm(folder, { recursive: true, force: true, maxRetries: 3 })
    },
  }
}
