import type { ComposeSpec } from '../../../shared/contract'
import { Problem } from '../../../shared/problems'
import { configArguments, hashArguments, isFirstGeneration, type Program, type ProjectFiles } from './arguments'
import type { ComposeConfig, RenderedProject } from './compose'
import { guessProjectName, projectFiles, type Files } from './files'
import { createModels, type ModelsOptions } from './models'
import type { RunOptions } from './program'
import { readConfig, readHashes } from './rendered'

interface RenderingOptions extends Pick<ModelsOptions, 'surroundings'> {
  find: () => Promise<Program>
  execute: (options: RunOptions) => Promise<string>
  timeoutMs: number
}

/** What Compose makes of a project's files, and what it calls the project. */
export function createRendering({ find, execute, surroundings, timeoutMs }: RenderingOptions) {
  const print = async (project: ProjectFiles, service?: string): Promise<string> =>
    execute({ project, arguments: configArguments(await find(), service), timeoutMs })

  /** Compose 1 does not tell the project's name, and knows none in its files. */
  const render = async (files: Files): Promise<ComposeConfig> => {
    const project = await projectFiles(files)
    const [output, name] = await Promise.all([print(project), guessProjectName(files)])
    return readConfig(output, name)
  }

  /**
   * The model with the hash of each service. Compose 2 hashes what it has rendered: a service with an `env_file` has
   * another hash in its files (measured with 2.26.1 and 2.40.3). So what it printed goes back to it, through a pipe and
   * never a file, for every secret stands in it. Compose 1 hashes its files.
   */
  const renderWithHashes = async (spec: ComposeSpec, service: string | undefined): Promise<RenderedProject> => {
    const found = await find()
    const isFirst = isFirstGeneration(found)
    if (isFirst && service !== undefined) throw new Problem('compose.service-missing', { service })
    const project = await projectFiles(spec)
    const output = await print(project, service)
    const config = readConfig(output, await guessProjectName(spec))
    const profiles = service === undefined ? project.profiles : ['*']
    const piped: ProjectFiles = { ...project, isPiped: true, project: config.name, profiles }
    const hashed = await execute({
      arguments: hashArguments,
      timeoutMs,
      ...(isFirst ? { project } : { project: piped, input: output }),
    })
    return { ...config, hashes: readHashes(hashed), version: found.version }
  }

  const rendered = createModels({ render: renderWithHashes, surroundings })
  /** What each project was called when Compose last told. */
  const names = new Map<string, string>()

  async function projectName(spec: ComposeSpec): Promise<string> {
    if (spec.project !== undefined) return spec.project
    const key = JSON.stringify([spec.file, spec.overrides, spec.envFile])
    try {
      const { name } = await rendered(spec)
      if (names.size > 256) names.clear()
      names.set(key, name)
      return name
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      return names.get(key) ?? guessProjectName(spec)
    }
  }

  return { render, rendered, projectName }
}
