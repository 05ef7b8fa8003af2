import { execFileSync } from 'node:child_process'
import {
  mkdtempSync,
  rmdirSync,
  statSync,
  statfsSync,
  truncateSync,
  writeFileSync,
  appendFileSync,
  rmSync,
} from 'node:fs'
import os from 'node:os'
import path from 'node:path'

/** A small file system of its own that a test can fill to the last byte. */
export interface SmallDisk extends Disposable {
  path: string
  /** Leaves room for so many pages of 4 KiB; none by default. */
  fill(freePages?: number): void
  /** Makes room again. */
  free(): void
}

const pageBytes = 4096

/** Mounts a tmpfs; null where this user may not, or the system has none. */
export function mountSmallDisk(sizeKiB = 512): SmallDisk | null {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'regie-disk-'))
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${sizeKiB}k`, 'tmpfs', folder], { stdio: 'pipe' })
  } catch {
    rmdirSync(folder)
    return null
  }
  const filler = path.join(folder, '.filler')
  return {
    path: folder,
    fill(freePages = 0) {
      rmSync(filler, { force: true })
      writeFileSync(filler, '')
      try {
        for (;;) appendFileSync(filler, Buffer.alloc(statfsSync(folder).bavail > 4 ? 4 * pageBytes : pageBytes))
      } catch {
        // Full to the last page: that is what was asked for.
      }
      if (freePages > 0) truncateSync(filler, Math.max(0, statSync(filler).size - freePages * pageBytes))
    },
    free: () => rmSync(filler, { force: true }),
    [Symbol.dispose]() {
      execFileSync('umount', ['-l', folder], { stdio: 'pipe' })
      rmdirSync(folder)
    },
  }
}

/** Whether such a disk can be had here; why not is printed once. */
export function canMountSmallDisk(): boolean {
  const disk = mountSmallDisk(64)
  disk?.[Symbol.dispose]()
  if (!disk) console.warn('Disk-full tests are skipped: a small tmpfs needs Linux and the right to mount.')
  return disk !== null
}
