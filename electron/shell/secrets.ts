import { createHash } from 'node:crypto'
import type { DesktopSecrets } from '../api/context'

/** A copied secret stays on the clipboard for so long, in ms. */
export const clipboardLastsMs = 30_000

/** A page that forgets to say that it hid a secret does not keep the window from screenshots for longer, in ms. */
const shieldLastsMs = 60_000

export interface SecretsOptions {
  clipboard: { readText(): Promise<string>; writeText(text: string): Promise<void>; clear(): void }
  windows: () => readonly { setContentProtection(isProtected: boolean): void }[]
  /** For tests. */
  lastsMs?: number
}

const digest = (text: string) => createHash('sha256').update(text).digest('hex')

/** Guards what is shown of a secret on this screen and clipboard. Of a copied secret only its hash is remembered. */
export function createDesktopSecrets({
  clipboard,
  windows,
  lastsMs = clipboardLastsMs,
}: SecretsOptions): DesktopSecrets {
  let copied: string | null = null
  let clearing: NodeJS.Timeout | undefined
  let unshielding: NodeJS.Timeout | undefined

  const shield = (isProtected: boolean) => {
    clearTimeout(unshielding)
    for (const window of windows()) window.setContentProtection(isProtected)
  }
  const clear = async () => {
    clearTimeout(clearing)
    const mine = copied
    copied = null
    if (mine === null) return
    // A clipboard that another program holds shut cannot be told from one that holds something else.
    const text = await clipboard.readText().catch(() => '')
    if (digest(text) === mine) clipboard.clear()
  }
  return {
    async copy(text) {
      clearTimeout(clearing)
      copied = digest(text)
      await clipboard.writeText(text)
      clearing = setTimeout(() => void clear(), lastsMs)
      return { clearsAt: Date.now() + lastsMs }
    },
    clear,
    shown() {
      shield(true)
      unshielding = setTimeout(() => shield(false), shieldLastsMs).unref()
    },
    hidden: () => shield(false),
  }
}
