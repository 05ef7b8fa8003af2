import type { Fit } from '../../../shared/contract'
import { reason, type Reason } from '../../../shared/problems'
import type { WakingOptions } from './options'

/** What who waits is told of it: not which other services there are, for they may be nobody's of theirs. */
function fitWords({ state, words }: Pick<Fit, 'state' | 'words'>): Reason | null {
  const { id = '', needs = 0, free = 0, gpu = '', short = 0 } = words.params
  switch (state) {
    case 'fits':
    case 'unknown':
      return null
    case 'too-large':
      return reason('memory.too-large', { id, needs, free, gpu, short })
    case 'after-freeing':
      return reason('memory.fits-after-others', { id, needs, free, gpu })
  }
}

/** Whether the models of services that are waited for will fit on their cards. */
export function createFits({ fit, reportBug }: Pick<WakingOptions, 'fit' | 'reportBug'>) {
  const told = new Map<string, Reason>()
  return {
    /** Looks at a service's card now. A look that fails keeps nobody from waiting. */
    async look(id: string): Promise<Reason | null> {
      const words = await fit(id).then(fitWords, (error: unknown) => {
        reportBug(error)
        return null
      })
      if (words) told.set(id, words)
      else told.delete(id)
      return words
    },
    /** As it was at the last look. */
    of: (id: string): Reason | null => told.get(id) ?? null,
    forget: (id: string): void => void told.delete(id),
  }
}
