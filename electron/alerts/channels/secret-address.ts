import { Problem } from '../../../shared/problems'
import { addressOf } from './wire'

/**
 * Reads addresses that are secrets themselves: whoever has one may post. So it leads to its service and nowhere else, and
 * always encrypted. The reader throws `alerts.secret-needed`, `alerts.address` and `alerts.address-foreign`, which quote
 * nothing of it.
 */
export const webhookAddress =
  ({ service, hosts, path }: { service: string; hosts: readonly string[]; path: string }) =>
  (secret: string | null): URL => {
    if (secret === null) throw new Problem('alerts.secret-needed', { what: 'webhook URL' })
    const url = addressOf(secret, false)
    const isTheirs = url.protocol === 'https:' && url.port === '' && hosts.includes(url.hostname)
    if (!isTheirs || !url.pathname.startsWith(path)) throw new Problem('alerts.address-foreign', { service })
    return url
  }
