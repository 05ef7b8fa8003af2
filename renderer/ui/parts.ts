import { lazy, type ComponentType } from 'react'

const retryMs = 1000

/** So often a part may fail to arrive although the panel answers: then it is gone, as after an update. */
const patience = 3

let isAnswering = () => true

/** Says how to learn whether the panel answers: while it does not, a part waits for it. */
export function knowWhetherItAnswers(ask: () => boolean): void {
  isAnswering = ask
}

/**
 * A stylesheet that failed is taken away at once: the bundler's loader asks for one again only where no element for it is
 * there, and would show the part without its styles.
 */
export function dropDeadStyles(target: EventTarget = window): void {
  target.addEventListener(
    'error',
    ({ target: dead }) => {
      if (dead instanceof HTMLLinkElement && dead.rel === 'stylesheet') dead.remove()
    },
    true,
  )
}

const reloadedKey = 'regie-reloaded'

/**
 * Loads the page again where it is, once for each build: after an update the parts of the old page are gone, and the new
 * page has others. Returns false where that was tried already, or cannot be remembered.
 */
export function reloadOnce(build: string, storage: Pick<Storage, 'getItem' | 'setItem'>, reload: () => void): boolean {
  try {
    if (storage.getItem(reloadedKey) === build) return false
    storage.setItem(reloadedKey, build)
  } catch {
    return false
  }
  reload()
  return true
}

/** What the page was built from: its entry has a hash in its name. */
const thisBuild = () => document.querySelector<HTMLScriptElement>('script[type=module]')?.src ?? location.href

/** Never resolves: the page is about to be replaced. */
const forever = new Promise<never>(() => undefined)

/**
 * Fetches a part of the page until it is there: what could not be fetched is asked for again, and what is gone leads to
 * one reload. Rejects with the last failure where that did not help.
 */
export async function fetchPart<T>(load: () => Promise<T>): Promise<T> {
  for (let failures = 0; ;) {
    try {
      return await load()
    } catch (error) {
      if (isAnswering() && ++failures >= patience) {
        if (reloadOnce(thisBuild(), sessionStorage, () => location.reload())) return forever
        throw error
      }
      await new Promise((resolve) => setTimeout(resolve, retryMs))
    }
  }
}

/** How the code of a component is fetched. */
export type Load<P> = () => Promise<{ default: ComponentType<P> }>

/** A component whose code is fetched when it is first shown; the only way to have one. */
export const lazyPart = <P extends object>(load: Load<P>) => lazy(() => fetchPart(load))
