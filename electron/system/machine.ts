import { existsSync } from 'node:fs'
import { release } from 'node:os'

/** What kind of machine this program runs on, as far as advice about its drivers depends on it. */
export interface Machine {
  platform: NodeJS.Platform
  /** Linux under Windows: the driver is Windows' own. Its kernel says so. */
  isWsl: boolean
  isContainer: boolean
}

/** Files that Docker and Podman put into every container. */
const containerMarks = ['/.dockerenv', '/run/.containerenv']

/** Reads it from the kernel's name and the marks that container engines leave. */
export function readMachine(
  platform: NodeJS.Platform = process.platform,
  kernel: string = release(),
  exists: (file: string) => boolean = existsSync,
): Machine {
  const isLinux = platform === 'linux'
  return {
    platform,
    isWsl: isLinux && /microsoft/i.test(kernel),
    isContainer: isLinux && containerMarks.some(exists),
  }
}
