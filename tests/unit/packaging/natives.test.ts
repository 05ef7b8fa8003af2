import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { parse } from 'yaml'
import * as z from 'zod'
import checkNatives, { nativePackages, packedFor } from '../../../electron/natives.mjs'

const root = path.resolve(import.meta.dirname, '../../..')
const Lock = z.object({
  packages: z.record(
    z.string(),
    z.object({
      os: z.array(z.string()).optional(),
      cpu: z.array(z.string()).optional(),
      optional: z.boolean().optional(),
    }),
  ),
})
const { packages: locked } = Lock.parse(JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8')))
const Targets = z.object({ target: z.array(z.string()) })
const Config = z.object({ linux: Targets, mac: Targets, win: Targets, afterPack: z.string() })

/** What a packed Regie's folder of packages would hold. */
function packedWith(names: readonly string[]): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'regie-natives-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  for (const name of names) {
    const place = path.join(folder, 'resources', 'app.asar.unpacked', 'node_modules', name)
    mkdirSync(place, { recursive: true })
    writeFileSync(path.join(place, 'package.json'), '{}')
  }
  return folder
}

const check = (electronPlatformName: string, arch: number, names: readonly string[]) => () =>
  checkNatives({
    ...{ electronPlatformName, arch, appOutDir: packedWith(names) },
    packager: { getResourcesDir: (folder) => path.join(folder, 'resources') },
  })

describe('what Regie is packed for', () => {
  it.each(packedFor)('has every package with native parts: %s on %s', (platform, arch) => {
    for (const name of nativePackages(platform, arch))
      expect([name, locked[`node_modules/${name}`]]).toMatchObject([
        name,
        { os: [platform], cpu: [arch], optional: true },
      ])
  })

  it('leaves out Windows on ARM for as long as libsql has nothing for it', () => {
    const [libsql = ''] = nativePackages('win32', 'arm64')
    expect(Object.keys(locked)).not.toContain(`node_modules/${libsql}`)
    expect(packedFor.map(String)).not.toContain('win32,arm64')
  })

  it('is made into what each system installs, and looked at before', () => {
    const config = Config.parse(parse(readFileSync(path.join(root, 'electron-builder.yml'), 'utf8')))
    expect(config).toMatchObject({
      linux: { target: ['AppImage', 'deb', 'rpm'] },
      mac: { target: ['dmg'] },
      win: { target: ['nsis'] },
      afterPack: 'electron/natives.mjs',
    })
  })
})

describe('a packed application', () => {
  it('that lacks a package of its processor is refused, by name', () => {
    expect(check('linux', 3, ['@libsql/linux-x64-gnu', '@img/sharp-linux-arm64'])).toThrow(
      /^@libsql\/linux-arm64-gnu, @img\/sharp-libvips-linux-arm64 not installed/,
    )
    expect(check('linux', 3, nativePackages('linux', 'arm64'))).not.toThrow()
    expect(check('darwin', 1, nativePackages('darwin', 'x64'))).not.toThrow()
  })

  it('for Windows on ARM is refused', () => {
    expect(check('win32', 3, nativePackages('win32', 'x64'))).toThrow(/^Regie is not packed for win32 on arm64/)
  })
})
