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

/** When the browser has nothing else to do, as far as it tells. */
const idle = () =>
  new Promise<unknown>((resolve) => {
    if ('requestIdleCallback' in globalThis) requestIdleCallback(resolve, { timeout: 1000 })
    else setTimeout(resolve, 50)
  })

/** Whether the browser was told to fetch as little as it can. TypeScript's DOM does not know the question. */
function savesData(): boolean {
  const { connection } = navigator as { connection?: { saveData?: boolean } }
  return connection?.saveData === true
}

/**
 * Fetches the code and the words of all pages some seconds after the first is shown, and what else is named: from then on
 * they open at once. One after the other, so that who clicks meanwhile waits for one of them at most. A browser that saves
 * data fetches each when it is opened.
 */
export function fetchPagesLater(more: readonly (() => Promise<unknown>)[]): () => void {
  if (savesData()) return () => undefined
  let hasEnded = false
  const fetchAll = async () => {
    for (const load of [fetchAllWords, ...more, ...waiting]) {
      await idle()
      if (hasEnded) return
      await load().catch(() => undefined) // asked again when the page is opened
    }
  }
  const timer = setTimeout(() => void fetchAll(), prefetchDelayMs)
  return () => {
    hasEnded = true
    clearTimeout(timer)
  }
}
