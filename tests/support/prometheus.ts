import { existsSync } from 'node:fs'
import { aptInstall, canInstall } from './prepare.mjs'

const at = (name: string): string | null =>
  ['/usr/bin', '/usr/local/bin'].map((folder) => `${folder}/${name}`).find((file) => existsSync(file)) ?? null

/** The checker that comes with Prometheus; null where it is not installed. */
export const promtool = at('promtool')

/** Prometheus itself and its checker, installed where that may be done; or why there is none. */
export function findPrometheus(): { prometheus: string; promtool: string } | string {
  const find = () => {
    const [prometheus, checker] = [at('prometheus'), at('promtool')]
    return prometheus !== null && checker !== null ? { prometheus, promtool: checker } : null
  }
  const found = find()
  if (found) return found
  if (!canInstall()) return 'Prometheus is not installed, and only Debian as root can be given it'
  return (aptInstall('prometheus') ? find() : null) ?? 'prometheus could not be installed with apt-get'
}
