import type { ServiceKind } from '../../shared/contract'
import { kinds } from '../../shared/kinds'
import { authorization } from '../kinds/client'
import type { LendSecret } from '../vault/secret'
import type { Added, Places } from './headers'
import type { Asked } from './stages'

/** What opens a service for one request. */
export interface Opening extends Added {
  /** Whether anything opens it: an answer that refuses then refuses the gateway, not the client. */
  isOpened: boolean
}

/** How the gateway opens one service: with its credential, and where its pages ask for more, with a session of its own. */
export interface Entering {
  /** What is sent with a request. Throws a Problem while the vault is closed. */
  credentials(places: Places, asked: Asked): Promise<Opening>
  /** After a refusal: whether it is worth asking once more, with what opens the service now. */
  renew(places: Places, path: string): Promise<boolean>
}

interface EnteringOptions {
  kind: ServiceKind
  /** Asked anew each time, for the credential that the service has now. */
  lendSecret: LendSecret
}

/** The secret is asked for with each request, so that a rotated one is used at once, and nothing keeps it. */
export function createEntering({ kind, lendSecret }: EnteringOptions): Entering {
  const { scheme } = kinds[kind]
  return {
    async credentials() {
      const header = await lendSecret((secret) => authorization(scheme, secret))
      return { authorization: header, cookie: null, tellsHost: false, isOpened: header !== null }
    },
    // The secret may have been rotated between the question and the answer.
    renew: () => Promise.resolve(true),
  }
}
