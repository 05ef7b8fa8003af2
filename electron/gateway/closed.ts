import { Problem } from '../../shared/problems'
import type { OwnAnswer, Refused, Stages } from './stages'

/** A refusal in JSON, for kinds that have no way of their own. */
export const plainRefusal = ({ refused, status, retryAfterS }: Refused): OwnAnswer => ({
  own: {
    status,
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'no-store',
      ...(retryAfterS === undefined ? {} : { 'retry-after': String(retryAfterS) }),
    },
    body: JSON.stringify({ error: refused.message, hint: refused.hint, problem: refused.id }),
  },
})

const nothing = { end: () => undefined }

/** Stages that let nobody in: what a part that is missing or broken leaves behind. */
export const closedStages: Stages = {
  admit: () => ({ refused: new Problem('gateway.closed'), status: 503 }),
  rule: () => ({ refused: new Problem('gateway.closed'), status: 503 }),
  limits: () => nothing,
  ready: () => ({ refused: new Problem('gateway.closed'), status: 503 }),
  turn: () => nothing,
  rejoin: () => null,
  refuse: (_, refused) => plainRefusal(refused),
  observer: { begun: () => ({ ended: () => undefined }), refused: () => undefined },
}
