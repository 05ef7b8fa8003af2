import { auditRouter } from './audit'
import { credentialsRouter, vaultRouter } from './credentials'
import { dockerRouter } from './docker'
import { generationsRouter, imagesRouter } from './generations'
import { gpusRouter } from './gpus'
import { procedures } from './procedures'
import { servicesRouter } from './services'
import { stacksRouter } from './stacks'
import { sessionRouter, systemRouter } from './system'

/** Every procedure of the contract; the compiler refuses a missing one. */
export const router = procedures.router({
  system: systemRouter,
  session: sessionRouter,
  services: servicesRouter,
  credentials: credentialsRouter,
  vault: vaultRouter,
  generations: generationsRouter,
  images: imagesRouter,
  gpus: gpusRouter,
  docker: dockerRouter,
  stacks: stacksRouter,
  audit: auditRouter,
})
