import type { ServiceGateway } from '../../shared/contract'
import { Problem } from '../../shared/problems'
import { namesOf } from '../access/guard'
import { readGiven, type Authority, type CertificateSource } from '../tls'
import { serverName, type ServerName } from '../tls/names'

/** What a listener is called, whoever asks it. */
const always = ['localhost', '127.0.0.1', '::1']

/**
 * The names under which a listener is reached, `<service>.localhost` too, each once; those that no certificate can hold
 * are left out.
 */
function certifiedNames(serviceId: string, { host, names }: Pick<ServiceGateway, 'host' | 'names'>): ServerName[] {
  const certifiable = (name: string): ServerName[] => {
    try {
      return [serverName(name)]
    } catch (error) {
      // An underscore in a machine's own name, or the zone of a link-local address.
      if (error instanceof Problem) return []
      throw error
    }
  }
  const found = [
    ...names.map(serverName),
    ...[...always, `${serviceId}.localhost`, ...namesOf(host)].flatMap(certifiable),
  ]
  const unspecified = new Set(['0.0.0.0', '::'])
  return [...new Map(found.map((name) => [name.value, name])).values()].filter(({ value }) => !unspecified.has(value))
}

/** Where the certificate of a listener comes from; null for plain HTTP. `read`: its configuration as it is each time. */
export function certificateSource(
  authority: Pick<Authority, 'certificateFor' | 'ensure' | 'status'>,
  serviceId: string,
  read: () => ServiceGateway | undefined,
): CertificateSource | null {
  const now = (): ServiceGateway => {
    const gateway = read()
    if (!gateway) throw new Problem('gateway.no-certificate')
    return gateway
  }
  const { tls } = now()
  switch (tls) {
    case 'off':
      return null
    case 'given':
      return {
        isReadEachTime: true,
        madeOf: () => '',
        make: async () => {
          const { certificate } = now()
          if (!certificate) throw new Problem('tls.no-files')
          return await readGiven(certificate)
        },
      }
    case 'own-authority':
      return {
        isReadEachTime: false,
        madeOf: () =>
          [authority.status().fingerprint, ...certifiedNames(serviceId, now()).map(({ value }) => value)].join(' '),
        make: async () => {
          // Whoever asked for its certificates asked for it.
          await authority.ensure(now().names, 'regie')
          return await authority.certificateFor(certifiedNames(serviceId, now()))
        },
      }
  }
}
