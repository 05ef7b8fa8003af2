import { spawnSync } from 'node:child_process'
import { parse } from 'yaml'
import * as z from 'zod'
import { warmCompose } from '../../support/docker/compose-one'

/** Without anything that the values of a test could name. */
const { PATH, HOME, DOCKER_CONFIG, [warmCompose]: warm } = process.env
const cleanEnvironment = {
  PATH,
  HOME,
  ...(DOCKER_CONFIG !== undefined && { DOCKER_CONFIG }),
  ...(warm !== undefined && { [warmCompose]: warm }),
}

export interface ComposeProgram {
  generation: 1 | 2
  command: string
  args: string[]
}

/** The generations of Compose that this machine has; `config` needs no engine. */
export const programs: ComposeProgram[] = (
  [
    { generation: 2, command: 'docker', args: ['compose'] },
    { generation: 1, command: 'docker-compose', args: [] },
  ] satisfies ComposeProgram[]
).filter(({ command, args }) => spawnSync(command, [...args, 'version'], { stdio: 'ignore' }).status === 0)

const Config = z.looseObject({ services: z.record(z.string(), z.unknown()) })
const Environment = z.object({
  environment: z.record(z.string(), z.string().nullable()).default({}),
})

const unescaped = (text: string) => text.replaceAll('$$', '$')

export interface ComposedConfig {
  /** Compose's words where it refuses the files. */
  refused: string | null
  services: Record<string, unknown>
  /** The variables of a service; `config` prints `$` as `$$`. */
  environmentOf: (service: string) => Map<string, string>
}

/** What `config` makes of a folder's files. */
export function composeConfig(
  { generation, command, args }: ComposeProgram,
  cwd: string,
  more: { environment?: Record<string, string>; options?: string[] } = {},
): ComposedConfig {
  const format = generation === 2 ? ['--format', 'json'] : []
  const { status, stdout, stderr } = spawnSync(command, [...args, ...(more.options ?? []), 'config', ...format], {
    cwd,
    encoding: 'utf8',
    env: { ...cleanEnvironment, ...more.environment },
    maxBuffer: 64 * 1024 * 1024,
  })
  if (status !== 0)
    return {
      refused: stderr,
      services: {},
      environmentOf: () => new Map<string, string>(),
    }
  const { services } = Config.parse(parse(stdout))
  return {
    refused: null,
    services,
    environmentOf: (service: string) => {
      const { environment } = Environment.parse(services[service])
      return new Map(
        Object.entries(environment).flatMap(([key, text]) => (text === null ? [] : [[key, unescaped(text)] as const])),
      )
    },
  }
}
