// @ts-check
// Which packages with native parts a packed Regie needs, by system and processor. Plain JavaScript: electron-builder
// calls it (electron-builder.yml) when everything lies in its place.
import { existsSync } from 'node:fs'
import path from 'node:path'

/** What Regie is packed for. @type {readonly (readonly [platform: string, arch: string])[]} */
export const packedFor = [
  ['linux', 'x64'],
  ['linux', 'arm64'],
  ['darwin', 'x64'],
  ['darwin', 'arm64'],
  ['win32', 'x64'],
]

/** electron-builder's numbers for processors. */
const archs = ['ia32', 'x64', 'armv7l', 'arm64', 'universal']

/** The packages without which it does not start there. */
export function nativePackages(/** @type {string} */ platform, /** @type {string} */ arch) {
  const libc = { linux: '-gnu', win32: '-msvc' }[platform] ?? ''
  // Windows' package brings libvips along.
  const libvips = platform === 'win32' ? [] : [`@img/sharp-libvips-${platform}-${arch}`]
  return [`@libsql/${platform}-${arch}${libc}`, `@img/sharp-${platform}-${arch}`, ...libvips]
}

/**
 * Throws where a package is missing: what was packed for another system or processor than this one would not start.
 * @param {{ electronPlatformName: string, arch: number, appOutDir: string, packager: { getResourcesDir(folder: string): string } }} packed
 */
export default function checkNatives({ electronPlatformName: platform, arch, appOutDir, packager }) {
  const name = archs[arch] ?? ''
  const modules = path.join(packager.getResourcesDir(appOutDir), 'app.asar.unpacked', 'node_modules')
  const missing = nativePackages(platform, name).filter((each) => !existsSync(path.join(modules, each, 'package.json')))
  if (missing.length === 0) return
  throw new Error(
    packedFor.some(([one, other]) => one === platform && other === name)
      ? `${missing.join(', ')} not installed. See how to have npm install for another processor (docs/platforms.md, "Packing for another processor").`
      : `Regie is not packed for ${platform} on ${name}: ${missing.join(', ')} cannot be had.`,
  )
}
