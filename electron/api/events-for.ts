import { AsyncIteratorClass } from '@orpc/shared'
import type { PanelEvent } from '../../shared/contract'
import { isToldOf } from './allowing'
import type { ApiContext } from './context'

/** Of all that happens what the caller is told of; what he may do is looked at anew for each event. */
export const eventsFor = (context: ApiContext, events: AsyncGenerator<PanelEvent, void, undefined>) =>
  new AsyncIteratorClass<PanelEvent>(
    async () => {
      for (;;) {
        const next = await events.next()
        if (next.done || isToldOf(next.value, context)) return next
      }
    },
    async () => void (await events.return()),
  )
