import type { MachineAddress } from '../../shared/contract'

/** Docker's own variables choose an engine for its programs: a machine's is chosen by its address alone. */
const dockers = [
  ...['DOCKER_HOST', 'DOCKER_CONTEXT', 'DOCKER_TLS_VERIFY', 'DOCKER_TLS', 'DOCKER_CERT_PATH', 'DOCKER_API_VERSION'],
]

/** The environment in which a machine's engine is looked for, and the address that is set there. */
export function reachingOf(address: MachineAddress, env: NodeJS.ProcessEnv) {
  const rest = Object.fromEntries(Object.entries(env).filter(([name]) => !dockers.includes(name.toUpperCase())))
  if (address.by === 'context') return { setting: null, env: { ...rest, DOCKER_CONTEXT: address.context } }
  const tls = address.certFolder === null ? {} : { DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: address.certFolder }
  return { setting: address.address.trim(), env: { ...rest, ...tls } }
}
