import path from 'node:path'
import { FeedRefused, type DescribedFile } from './description'

/** As what Regie was installed. */
export type Packaging = 'AppImage' | 'deb' | 'rpm' | 'dmg' | 'exe'

/** What is asked of a feed for. */
export interface Target {
  platform: NodeJS.Platform
  arch: string
  /** Null for a clone, a tarball, and whatever else installs nothing. */
  packaging: Packaging | null
}

/** What electron-builder puts behind a channel in the name of a description. */
export function suffixOf({ platform, arch }: Pick<Target, 'platform' | 'arch'>): string {
  if (platform === 'win32') return ''
  if (platform === 'darwin') return '-mac'
  return arch === 'x64' ? '-linux' : `-linux-${arch}`
}

/**
 * The name of the file that installs here; null where there is none. macOS has one description for both processors, whose
 * files tell them apart. Throws `file` for a name that is none: what a feed says may become part of an address, and never
 * of a path.
 */
export function nameOfFile(files: readonly DescribedFile[], { platform, arch, packaging }: Target): string | null {
  if (packaging === null) return null
  for (const { url } of files)
    if (!/^[A-Za-z0-9][\w .+()-]{0,200}$/.test(url) || url.includes('..')) throw new FeedRefused('file')
  const ofKind = files.filter(({ url }) => url.toLowerCase().endsWith(`.${packaging.toLowerCase()}`))
  const isForArm = ({ url }: DescribedFile) => url.includes('arm64')
  const fitting = platform === 'linux' ? ofKind : ofKind.filter((file) => isForArm(file) === (arch === 'arm64'))
  return fitting[0]?.url ?? null
}

/** How a packed Regie was installed; null for a clone, and where nothing tells. */
export function packagingOf(
  platform: NodeJS.Platform,
  { env, isPackaged, packageType }: { env: NodeJS.ProcessEnv; isPackaged: boolean; packageType: string | null },
): Packaging | null {
  if (!isPackaged) return null
  if (platform === 'win32') return 'exe'
  if (platform === 'darwin') return 'dmg'
  if (env['APPIMAGE'] !== undefined && path.isAbsolute(env['APPIMAGE'])) return 'AppImage'
  return packageType === 'deb' || packageType === 'rpm' ? packageType : null
}
