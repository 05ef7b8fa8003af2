import { accessRouter, desktopRouter, sessionRouter } from './access'
import { alertsRouter } from './alerts'
import { attentionRouter } from './attention'
import { backupsRouter } from './backups'
import { auditRouter } from './audit'
import { containersRouter, shellsRouter } from './containers'
import { credentialsRouter, vaultRouter } from './credentials'
import { discoveryRouter } from './discovery'
import { dockerRouter } from './docker'
import { doctorRouter } from './doctor'
import { doorRouter, exposureRouter } from './exposure'
import { galleryRouter } from './gallery'
import { fleetRouter } from './fleet'
import { gatewayRouter } from './gateway'
import { goldenRouter } from './golden'
import { loadTestsRouter } from './load-tests'
import { generationsRouter, imagesRouter } from './generations'
import { gpusRouter } from './gpus'
import { inputsRouter } from './inputs'
import { leaksRouter } from './leaks'
import { invitationsRouter, keysRouter, usersRouter } from './people'
import { lintRouter } from './lint'
import { logsRouter } from './logs'
import { machinesRouter } from './machines'
import { meRouter } from './me'
import { modelLibraryRouter } from './model-library'
import { modelsDriveRouter } from './models-drive'
import { presetsRouter } from './presets'
import { procedures } from './procedures'
import { releasesRouter } from './releases'
import { roomRouter } from './room'
import { servicesRouter } from './services'
import { stacksRouter } from './stacks'
import { statsRouter } from './stats'
import { supportRouter } from './support'
import { systemRouter } from './system'
import { timelineRouter } from './timeline'
import { metricsRouter } from './metrics'
import { tlsRouter } from './tls'
import { updatesRouter } from './updates'
import { usageRouter } from './usage'
import { workflowsRouter } from './workflows'

/** Every procedure of the contract; the compiler refuses a missing one. */
export const router = procedures.router({
  system: systemRouter,
  session: sessionRouter,
  me: meRouter,
  access: accessRouter,
  users: usersRouter,
  invitations: invitationsRouter,
  keys: keysRouter,
  desktop: desktopRouter,
  services: servicesRouter,
  logs: logsRouter,
  stats: statsRouter,
  credentials: credentialsRouter,
  vault: vaultRouter,
  generations: generationsRouter,
  gallery: galleryRouter,
  presets: presetsRouter,
  images: imagesRouter,
  inputs: inputsRouter,
  workflows: workflowsRouter,
  gpus: gpusRouter,
  discovery: discoveryRouter,
  docker: dockerRouter,
  room: roomRouter,
  modelLibrary: modelLibraryRouter,
  modelsDrive: modelsDriveRouter,
  leaks: leaksRouter,
  lint: lintRouter,
  machines: machinesRouter,
  fleet: fleetRouter,
  containers: containersRouter,
  shells: shellsRouter,
  doctor: doctorRouter,
  door: doorRouter,
  exposure: exposureRouter,
  gateway: gatewayRouter,
  golden: goldenRouter,
  loadTests: loadTestsRouter,
  releases: releasesRouter,
  stacks: stacksRouter,
  support: supportRouter,
  timeline: timelineRouter,
  metrics: metricsRouter,
  tls: tlsRouter,
  updates: updatesRouter,
  usage: usageRouter,
  attention: attentionRouter,
  alerts: alertsRouter,
  audit: auditRouter,
  backups: backupsRouter,
})
