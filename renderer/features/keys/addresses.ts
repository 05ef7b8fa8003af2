import type { GatewayListener } from '../../../shared/contract'

const everywhere: readonly string[] = ['0.0.0.0', '[::]']

/**
 * Where a listener is reached from here, without a slash at its end: one that listens on every address is told by the
 * name that this page was opened with.
 */
export function reachableUrl(text: string, here: { protocol: string; hostname: string } = location): string {
  const url = new URL(text)
  if (everywhere.includes(url.hostname)) url.hostname = here.protocol.startsWith('http') ? here.hostname : '127.0.0.1'
  return url.href.replace(/\/$/, '')
}

/** Where a service's listener is reached; null where it does not listen. */
export const urlOf = (listener: GatewayListener | undefined): string | null =>
  listener?.state === 'listening' ? reachableUrl(listener.url) : null
