import { readFileSync } from 'node:fs'

/**
 * The container that a process's control group names, in `/proc/<pid>/cgroup`: `/docker/<id>` (cgroupfs),
 * `/system.slice/docker-<id>.scope` (systemd), also below a user's slice when Docker runs rootless.
 */
export function containerOfCgroup(text: string): string | null {
  const inner = /(?:^|[/-])([0-9a-f]{64})(?:\.scope)?(?:\/[^\n]*)?$/m.exec(text)
  return inner?.[1] ?? null
}

/**
 * The container that a process of this machine runs in. `null` for one in none, and wherever the engine is not this
 * Linux itself: there a process of a container has no pid here.
 */
export function containerOfProcess(pid: number): string | null {
  if (process.platform !== 'linux') return null
  try {
    return containerOfCgroup(readFileSync(`/proc/${pid}/cgroup`, 'latin1'))
  } catch {
    return null // it has ended
  }
}
