import type { ComposeProject, ComposeSpec } from '../../../shared/contract'
import { Problem } from '../../../shared/problems'
import type { Compose, ComposeConfig } from './compose'

type Files = Pick<ComposeSpec, 'file' | 'overrides' | 'envFile' | 'project'>

/** Both generations' name for an image that is built and given none. */
const builtNames = (project: string, service: string) => [`${project}-${service}`, `${project}_${service}`]

const imagesOf = ({ name, services }: ComposeConfig): string[] =>
  Object.entries(services).flatMap(([service, { image }]) => [
    ...(image === null ? [] : [image]),
    // Older images of it bear the name that it had before it was given one.
    ...builtNames(name, service),
  ])

const filesOf = ({ files, overrides, envFile, name }: ComposeProject): Files => ({
  file: files[0] ?? '',
  ...(overrides.length > 0 && { overrides }),
  ...(envFile !== null && { envFile }),
  project: name,
})

/**
 * The images that known Compose projects name: those with containers and those of Regie's services, with all profiles.
 * `unread`: projects whose files cannot be read now. Never rejects for what a person can cause.
 */
export async function namedImages(
  compose: Pick<Compose, 'projects' | 'readProject' | 'config'>,
  own: readonly ComposeSpec[],
): Promise<{ named: string[]; unread: string[] }> {
  const projects = compose.projects()
  const named = projects.flatMap(({ services }) => services.flatMap(({ image }) => image ?? []))
  const unread = projects.flatMap(({ name, reason }) => (reason === undefined ? [] : [name]))
  const wanted = new Map<string, Files>()
  for (const project of projects) if (project.reason === undefined) wanted.set(project.name, filesOf(project))
  for (const { file, overrides, envFile, project } of own)
    wanted.set(`${project ?? ''}\0${file}\0${overrides?.join('\0') ?? ''}`, {
      file,
      ...(overrides && { overrides }),
      ...(envFile !== undefined && { envFile }),
      ...(project !== undefined && { project }),
    })
  // One after another: each is a program of its own.
  for (const files of wanted.values()) {
    try {
      const { profiles } = await compose.readProject(files)
      named.push(...imagesOf(await compose.config({ ...files, ...(profiles.length > 0 && { profiles }) })))
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      unread.push(files.project ?? files.file)
    }
  }
  return { named: [...new Set(named)], unread: [...new Set(unread)] }
}
