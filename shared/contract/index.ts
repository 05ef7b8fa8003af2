import { access, desktop, session } from './access'
import { alerts } from './alerts'
import { attention } from './attention'
import { audit } from './audit'
import { backups } from './backups'
import { connections } from './connection'
import { containers } from './containers'
import { credentials } from './credentials'
import { discovery } from './discovery'
import { docker } from './docker'
import { doctor } from './doctor'
import { door, exposure } from './exposure'
import { fleet } from './fleet'
import { gallery } from './gallery'
import { gateway } from './gateway'
import { generations, images } from './generations'
import { golden } from './golden'
import { loadTests } from './load-tests'
import { gpus } from './gpus'
import { cards } from './cards'
import { identity } from './identity'
import { inputs } from './inputs'
import { leaks } from './leaks'
import { lint } from './lint'
import { machines } from './machines'
import { logs } from './logs'
import { me } from './preferences'
import { modelLibrary } from './model-library'
import { modelsDrive } from './models-drive'
import { invitations, keys, users } from './people'
import { presets } from './presets'
import { releases } from './releases'
import { serviceSecrets } from './service-secrets'
import { room } from './room'
import { services } from './services'
import { shells } from './shells'
import { stacks } from './stacks'
import { support } from './support'
import { stats } from './container-stats'
import { system } from './system'
import { timeline } from './timeline'
import { metrics } from './metrics'
import { tls } from './tls'
import { updates } from './updates'
import { usage } from './usage'
import { vault } from './vault'
import { proceduresOf, type Described } from './walk'
import { workflows } from './workflows'

export * from './access'
export * from './access-table'
export * from './accounts'
export * from './alerts'
export * from './attention'
export * from './audit'
export * from './backups'
export * from './base'
export * from './capabilities'
export * from './cards'
export * from './identity'
export * from './connection'
export * from './container-stats'
export * from './containers'
export * from './credentials'
export * from './discovery'
export * from './docker'
export * from './doctor'
export * from './exposure'
export * from './families'
export * from './gallery'
export * from './gateway'
export * from './generations'
export * from './golden'
export * from './gpus'
export * from './health'
export * from './inputs'
export * from './leaks'
export * from './lint'
export * from './load-tests'
export * from './log-batch'
export * from './log-line'
export * from './logs'
export { ModelDownload, type ModelDownloadPlan } from './model-downloads'
export * from './machines'
export * from './fleet'
export * from './model-library'
export * from './models-drive'
export * from './people'
export * from './policy'
export * from './preferences'
export * from './presets'
export * from './reach'
export * from './releases'
export * from './room'
export * from './service-config'
export * from './service-secrets'
export * from './service-memory'
export * from './services'
export * from './sessions'
export * from './shells'
export * from './stacks'
export * from './support'
export * from './system'
export * from './timeline'
export * from './metrics'
export * from './tls'
export * from './updates'
export * from './usage'
export * from './vault'
export * from './walk'
export * from './workflows'

/** The one list of what the panel can do. Handlers, the REST API and the client all derive from it. */
export const contract = {
  system,
  session,
  me,
  access,
  users,
  invitations,
  keys,
  desktop,
  services: { ...services, ...serviceSecrets, ...connections },
  logs,
  stats,
  credentials,
  vault,
  generations,
  gallery,
  presets,
  images,
  inputs,
  workflows,
  gpus: { ...gpus, ...cards, ...identity },
  discovery,
  docker,
  room,
  modelLibrary,
  modelsDrive,
  lint,
  machines,
  fleet,
  containers,
  shells,
  doctor,
  door,
  exposure,
  gateway,
  golden,
  loadTests,
  attention,
  alerts,
  audit,
  backups,
  leaks,
  releases,
  stacks,
  support,
  timeline,
  metrics,
  tls,
  updates,
  usage,
}
export type Contract = typeof contract

let described: readonly Described[] | undefined

/** Every procedure of the contract. Told at first use, for it looks at every field of every input: a start needs none. */
export const procedures = (): readonly Described[] => (described ??= proceduresOf(contract))
