import type { ServiceKind } from '../../shared/contract'
import { kinds } from '../../shared/kinds'
import { kindOf } from '../kinds'
import { authorization } from '../kinds/client'
import type { LendSecret } from '../vault/secret'
import type { Added, Places } from './headers'
import { createPageSession } from './page-session'
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
  const of = kindOf(kind)
  const session = createPageSession(of, lendSecret)
  const urlOf = ({ service: { origin, prefix } }: Places) => origin + prefix
  return {
    async credentials(places, { path }) {
      const header = await lendSecret((secret) => authorization(scheme, secret))
      const isOpened = header !== null
      const cookie = isOpened && of.pages.form ? await session.cookieFor(urlOf(places), path) : null
      return { authorization: header, cookie, tellsHost: of.pages.tellsHost, isOpened }
    },
    // The secret may have been rotated between the question and the answer, and a session ends with its program.
    renew: (places, path) => session.renew(urlOf(places), path),
  }
}
