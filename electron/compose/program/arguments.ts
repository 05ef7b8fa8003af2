/** The Compose program that was found, as it is called. */
export interface Program {
  program: 'plugin' | 'standalone'
  version: string
}

/** Which files make the project. */
export interface ProjectFiles {
  files: string[]
  /** Where Compose runs: the folder of the first file, as in the user's terminal. */
  folder: string
  /** Compose comes to these files by itself in the folder, so that none is named. */
  isOwn: boolean
  profiles: string[]
  /** `null` leaves it to Compose's own rules. */
  project: string | null
  envFile: string | null
  /** The model is given on its standard input, in place of the files. */
  isPiped?: boolean
}

/** Numbers of a version, `2.26.1-4` → [2, 26, 1]. */
export const versionNumbers = (version: string): number[] =>
  (/\d+(\.\d+)*/.exec(version)?.[0] ?? '0').split('.').map(Number)

export const isFirstGeneration = ({ version }: Program) => versionNumbers(version)[0] === 1

/** Whether a program's version comes before another, given by its numbers. */
export const isOlder = (version: string, than: readonly number[]): boolean => !isAtLeast(version, than)

function isAtLeast(version: string, wanted: readonly number[]): boolean {
  const numbers = versionNumbers(version)
  for (const [index, want] of wanted.entries()) {
    const have = numbers[index] ?? 0
    if (have !== want) return have > want
  }
  return true
}

/** No colours, no cursor movements, a line for each step: whatever the generation calls that. */
function outputFlags({ version }: Program): string[] {
  if (!isAtLeast(version, [1, 28])) return ['--no-ansi']
  return isAtLeast(version, [2, 22]) ? ['--ansi', 'never', '--progress', 'plain'] : ['--ansi', 'never']
}

/** Files that Compose finds by itself are left to it, or it would leave out what it finds beside them. */
function fileArguments({ files, folder, isOwn, isPiped }: ProjectFiles): string[] {
  if (isPiped) return ['--project-directory', folder, '--file', '-']
  return isOwn ? [] : files.flatMap((file) => ['--file', file])
}

const projectArguments = (of: ProjectFiles): string[] => [
  ...fileArguments(of),
  ...(of.project === null ? [] : ['--project-name', of.project]),
  ...of.profiles.flatMap((profile) => ['--profile', profile]),
  ...(of.envFile === null ? [] : ['--env-file', of.envFile]),
]

const command = (program: Program) => (program.program === 'plugin' ? ['docker', 'compose'] : ['docker-compose'])

/** The whole command, from the program's name on. */
export const commandLine = (program: Program, project: ProjectFiles, rest: readonly string[]): string[] => [
  ...command(program),
  ...outputFlags(program),
  ...projectArguments(project),
  ...rest,
]

/** How `up` treats a container that is there: recreates it, recreates it where its files or its image ask for it, or never. */
export type Recreating = 'always' | 'if-changed' | 'never'

/**
 * Both generations take `--` before a service's name: a name is never an option. Services of which somebody runs more
 * containers than the files ask for are given with their number: `up` removes the further ones otherwise.
 */
export function upArguments(
  services: readonly string[],
  recreate: Recreating,
  further: Readonly<Record<string, number>> = {},
): string[] {
  const how = { always: ['--no-deps', '--force-recreate'], 'if-changed': ['--no-deps'], never: ['--no-recreate'] }
  // Dependencies are started too, unless that could recreate them: they keep their containers.
  const scales = Object.entries(further).flatMap(([service, count]) => ['--scale', `${service}=${count}`])
  return ['up', '--detach', ...how[recreate], ...scales, ...(services.length > 0 ? ['--', ...services] : [])]
}
export const pullArguments = (service: string): string[] => ['pull', '--', service]
export const buildArguments = (service: string): string[] => ['build', '--', service]
/** Stops all containers of the project, dependants first. */
export const stopArguments = (): string[] => ['stop']
/** Volumes stay: `--volumes` is never given. */
export const downArguments = (): string[] => ['down']

/** Configuration, as JSON where the program knows that (2.x), else as YAML; of one service, whatever its profile. */
export const configArguments = (program: Program, service?: string): string[] =>
  isFirstGeneration(program)
    ? ['config']
    : ['config', '--format', 'json', ...(service === undefined ? [] : ['--', service])]
export const hashArguments = ['config', '--hash', '*']
