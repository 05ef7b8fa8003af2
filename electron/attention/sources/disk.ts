import { statfs } from 'node:fs/promises'
import { reason } from '../../../shared/problems'
import { told } from '../items'
import type { Source } from './source'

const gib = 2 ** 30

/** How much of a disk there is and is free, in bytes. */
export interface DiskSpace {
  total: number
  free: number
}

const spaceOf = async (folder: string): Promise<DiskSpace> => {
  const { bavail, blocks, bsize } = await statfs(folder)
  return { total: blocks * bsize, free: bavail * bsize }
}

/** The disk of a folder, where it has less free than its limit; it counts as relieved only above the limit's end. */
export function diskSource(folder: string, read: (folder: string) => Promise<DiskSpace> = spaceOf): Source {
  let since: number | null = null
  return {
    kind: 'disk-low',
    async find(limitOf, now) {
      const { begins, ends } = limitOf('disk-low')
      const { total, free } = await read(folder)
      if (total === 0) return null
      const percent = (free / total) * 100
      if (percent >= (since === null ? begins : ends)) {
        since = null
        return []
      }
      since ??= now
      const why = reason('attention.disk-low', { percent: Math.floor(percent), free: Math.floor(free / gib) })
      return [told({ id: 'disk', kind: 'disk-low', reason: why, since, urgent: true, leadsTo: { page: 'settings' } })]
    },
  }
}
