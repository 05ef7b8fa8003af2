import { fetchAllWords } from '../i18n'
import { lazyPart, type Load } from '../ui/parts'

const waiting: (() => Promise<unknown>)[] = []

/** A page whose code is fetched when it is first shown, or some seconds after the first page. */
export function lazyPage<P extends object>(load: Load<P>) {
  waiting.push(load)
  return lazyPart(load)
}

/** Later than all that the first page needs. */
const prefetchDelayMs = 3000

/**
 * Fetches the code and the words of all pages some seconds after the first is shown, and what else is named: from then on
 * they open at once.
 */
export function fetchPagesLater(more: readonly (() => Promise<unknown>)[]): () => void {
  const timer = setTimeout(() => {
    void fetchAllWords()
    for (const load of [...more, ...waiting]) void load().catch(() => undefined) // asked again when the page is opened
  }, prefetchDelayMs)
  return () => clearTimeout(timer)
}
