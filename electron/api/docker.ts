import { procedures } from './procedures'

const { docker } = procedures

export const dockerRouter = {
  engine: docker.engine.handler(({ context }) => context.parts.engine.status()),
  reconnect: docker.reconnect.handler(({ context }) => context.parts.engine.reconnect()),
  setAddress: docker.setAddress.handler(({ input, context }) => context.parts.engine.setAddress(input.address)),
  projects: docker.projects.handler(({ context }) => context.parts.compose.projects()),
  readProject: docker.readProject.handler(({ input, context }) => context.parts.compose.readProject(input)),
}
