import { lazy, type ComponentType } from 'react'
import { currentConnection } from './live'
import { fetchAllWords } from '../i18n'

const retryMs = 1000

/** So often a part may fail to arrive although the panel answers: then it is gone, as after an update. */
const patience = 3

async function loadPatiently<T>(load: () => Promise<T>): Promise<T> {
  for (let failures = 0; ;) {
    try {
      return await load()
    } catch (error) {
      if (currentConnection() === 'online' && ++failures >= patience) throw error
      await new Promise((resolve) => setTimeout(resolve, retryMs))
    }
  }
}

type Load<P> = () => Promise<{ default: ComponentType<P> }>

const waiting: (() => Promise<unknown>)[] = []

/** A page whose code is fetched when it is first shown. While the panel does not answer, it waits for it. */
export function lazyPage<P extends object>(load: Load<P>) {
  waiting.push(load)
  return lazy(() => loadPatiently(load))
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
