/** Longer ones are no address that anybody had open. */
const longest = 2000

/** What an address is resolved against, so that one that leads elsewhere shows. */
const here = 'http://gateway.invalid'

/**
 * Where somebody goes on after a sign-in: a path of this listener, as a browser will read it, without a key in it. What
 * leads elsewhere, or back to the gateway's own pages, is the start page.
 */
export function safeNext(asked: string | null): string {
  if (asked === null || asked.length > longest || !asked.startsWith('/') || !URL.canParse(asked, here)) return '/'
  const url = new URL(asked, here)
  if (url.origin !== here || url.pathname.startsWith('//') || /^\/_regie(?:\/|$)/.test(url.pathname)) return '/'
  if (url.searchParams.has('token')) url.searchParams.delete('token')
  return url.pathname + url.search + url.hash
}
