import type { Session } from '../../../../shared/contract'
import { client } from '../../../api/client'

const lastsMs = 30_000

/** What became of a copied secret: `unknown` when the browser does not tell what the clipboard holds now. */
export type Cleared = 'cleared' | 'other' | 'unknown'

export interface CopiedSecret {
  /** When the clipboard is cleared, in Unix ms. */
  clearsAt: number
  /** Clears it if it still holds the secret. */
  clear: () => Promise<Cleared>
}

const digest = async (text: string) =>
  new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))).join()

/** On the desktop the panel copies, so that it also clears when the window is in the background, or closed. */
async function copyOnDesktop(text: string): Promise<CopiedSecret> {
  const { clearsAt } = await client.desktop.copySecret({ text })
  const clear = async () => {
    await client.desktop.clearClipboard()
    return 'cleared' as const
  }
  return { clearsAt, clear }
}

/** Browsers write to the clipboard only for the page in front. */
const inFront = () =>
  new Promise<void>((resolve) => {
    if (document.hasFocus()) resolve()
    else addEventListener('focus', () => resolve(), { once: true })
  })

/**
 * In a browser the page clears by itself. Whether the clipboard still holds the secret, of which only the hash is kept,
 * is read where the browser allows it without asking. Where not, it is known as long as the page never left the front
 * and nothing was copied in it.
 */
async function copyInBrowser(text: string): Promise<CopiedSecret> {
  await navigator.clipboard.writeText(text)
  const copied = await digest(text)
  const watching = new AbortController()
  let isCertain = true
  for (const [event, target] of [
    ['blur', window],
    ['copy', document],
    ['cut', document],
  ] as const)
    target.addEventListener(event, () => (isCertain = false), { signal: watching.signal })

  // A page that goes cannot wait for its time: it clears now, unless something else may be there.
  addEventListener('pagehide', () => isCertain && void emptyClipboard().catch(() => undefined), {
    signal: watching.signal,
  })

  const holdsIt = async (): Promise<boolean | null> => {
    const permission = await navigator.permissions
      .query({ name: 'clipboard-read' as PermissionName }) // Chromium's; the DOM's type does not name it
      .catch(() => null)
    if (permission?.state === 'granted') return (await digest(await navigator.clipboard.readText())) === copied
    return isCertain ? true : null
  }
  const clear = async (): Promise<Cleared> => {
    await inFront()
    const holds = await holdsIt().catch(() => null)
    watching.abort()
    if (holds === false) return 'other'
    if (holds === null) return 'unknown'
    await navigator.clipboard.writeText('')
    return 'cleared'
  }
  return { clearsAt: Date.now() + lastsMs, clear }
}

/** Copies a secret that is to leave the clipboard again. Rejects when copying is not allowed. */
export const copySecret = (text: string, door: Session['door']): Promise<CopiedSecret> =>
  door === 'desktop' ? copyOnDesktop(text) : copyInBrowser(text)

/** Empties the clipboard whatever it holds: a person asked for it. */
export const emptyClipboard = (): Promise<void> => navigator.clipboard.writeText('')
