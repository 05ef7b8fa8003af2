import type { LintFix, LintReport, Service } from '../../../shared/contract'

/** The changes that the Compose check proposes so that a service's ports are published at the loopback alone. */
export function portChanges({ findings }: Pick<LintReport, 'findings'>, { compose }: Pick<Service, 'compose'>) {
  const open = findings.filter(({ rule, service }) => rule === 'port-open' && service === compose?.service)
  return {
    fixes: open.flatMap(({ fixes: [usual] }): LintFix[] => (usual ? [usual] : [])),
    /** A port is open, and only a person can change how it is written. */
    isByHand: open.some(({ fixes }) => fixes.length === 0),
  }
}

/** Whether Regie itself still reaches a service whose ports are published at the loopback alone. */
export function reachesItself({ url }: Pick<Service, 'url'>): boolean {
  const { hostname } = new URL(url)
  return hostname === 'localhost' || hostname.startsWith('127.')
}
