import { access } from 'node:fs/promises'
import path from 'node:path'

/** Where Docker's programs may lie: it is their absence, not a socket's, that says "not installed". */
export function dockerPrograms(platform: NodeJS.Platform, env: NodeJS.ProcessEnv): string[] {
  const rules = platform === 'win32' ? path.win32 : path.posix
  const name = platform === 'win32' ? 'docker.exe' : 'docker'
  const folders = (env['PATH'] ?? env['Path'] ?? '').split(rules.delimiter).filter((folder) => folder !== '')
  const onPath = folders.map((folder) => rules.join(folder, name))
  switch (platform) {
    case 'win32':
      return [
        rules.join(env['ProgramFiles'] ?? 'C:\\Program Files', 'Docker', 'Docker', 'Docker Desktop.exe'),
        ...onPath,
      ]
    case 'darwin':
      return ['/Applications/Docker.app', ...onPath]
    default:
      return ['/usr/bin/dockerd', '/usr/sbin/dockerd', '/usr/bin/docker', '/opt/docker-desktop', ...onPath]
  }
}

/** Whether Docker is on this machine, running or not. */
export async function isDockerInstalled(platform: NodeJS.Platform, env: NodeJS.ProcessEnv): Promise<boolean> {
  for (const file of dockerPrograms(platform, env)) {
    const found = await access(file).then(
      () => true,
      () => false,
    )
    if (found) return true
  }
  return false
}
