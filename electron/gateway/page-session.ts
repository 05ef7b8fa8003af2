import { askFor } from '../kinds/ask'
import type { Kind } from '../kinds'
import type { LendSecret } from '../vault/secret'

/** The session that a gateway holds at a service's sign-in form, so that people need not know its password. */
export interface PageSession {
  /** The cookie for a path; null where none is needed, or none was to be had. Throws a Problem when nothing answers. */
  cookieFor(url: string, path: string): Promise<string | null>
  /** After a refusal: signs in anew. False where the path is not behind the form, or the form refuses too. */
  renew(url: string, path: string): Promise<boolean>
}

const never = () => new AbortController().signal

/**
 * Signs in when it is first needed, looks whether the session still lives when a page is opened (one that has ended shows
 * its form with a 200), and signs in anew when it has ended: once, however many ask meanwhile.
 */
export function createPageSession(
  { sessions, pages: { form } }: Pick<Kind, 'sessions' | 'pages'>,
  lendSecret: LendSecret,
): PageSession {
  let known: { cookie: string | null; url: string } | null = null
  let signingIn: Promise<void> | null = null

  async function look(url: string, check: string): Promise<void> {
    const before = known?.url === url ? known.cookie : null
    const { refused } = await askFor(url, { path: check, cookie: before }, never())
    if (!refused) known = { url, cookie: before }
    else known = { url, cookie: await opened(url) }
  }

  const opened = (url: string): Promise<string | null> =>
    lendSecret(async (secret) => {
      if (secret === null || secret.password === null) return null
      const answer = await sessions.open(url, secret, never())
      return 'cookie' in answer ? answer.cookie : null
    })

  const lookOnce = (url: string, check: string): Promise<void> =>
    (signingIn ??= look(url, check).finally(() => {
      signingIn = null
    }))

  return {
    async cookieFor(url, path) {
      if (!form || form.api.test(path)) return null
      if (known?.url !== url || path === '/') await lookOnce(url, form.check)
      return known?.cookie ?? null
    },
    async renew(url, path) {
      if (!form || form.api.test(path)) return true
      await lookOnce(url, form.check)
      return known?.cookie !== null
    },
  }
}
