import fc from 'fast-check'
import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  checkNamedProgram,
  faultOfPath,
  locateNvidiaSmi,
  placesOfNvidiaSmi,
} from '../../../electron/gpu/find-nvidia-smi'
import { readMachine } from '../../../electron/system/machine'
import { temporaryFolder } from '../../support/programs'

let folder: Awaited<ReturnType<typeof temporaryFolder>>

beforeEach(async () => {
  folder = await temporaryFolder('regie-smi')
})

afterEach(() => folder[Symbol.asyncDispose]())

const linux = { platform: 'linux', isWsl: false } as const
const windows = { platform: 'win32', isWsl: false } as const

async function program(name: string, mode = 0o755) {
  const file = path.join(folder.path, name)
  await writeFile(file, '#!/bin/sh\n')
  await chmod(file, mode)
  return file
}

describe.skipIf(process.platform === 'win32')('the program for the GPUs', () => {
  it('is the one of the settings, then the one of the variable, then the one in PATH', async () => {
    const [set, named, found] = [await program('set'), await program('named'), await program('nvidia-smi')]
    const env = { PATH: folder.path }

    expect(await locateNvidiaSmi({ setting: set, environment: named }, linux, env)).toEqual({ program: set })
    expect(await locateNvidiaSmi({ setting: null, environment: named }, linux, env)).toEqual({ program: named })
    expect(await locateNvidiaSmi({ setting: null, environment: null }, linux, env)).toEqual({ program: found })
  })

  it('that was named is never replaced by another, where it cannot be run', async () => {
    await program('nvidia-smi')
    const gone = path.join(folder.path, 'gone')

    const located = await locateNvidiaSmi({ setting: gone, environment: null }, linux, { PATH: folder.path })

    expect(located).toMatchObject({ reason: { problem: 'gpu.program-missing', params: { program: gone } } })
  })

  it.each([
    ['a folder', async () => mkdir(path.join(folder.path, 'it'))],
    ['a file without the right to run it', async () => program('it', 0o644)],
    ['a link to nothing', async () => symlink('nowhere', path.join(folder.path, 'it'))],
    ['nothing', () => Promise.resolve()],
  ])('is not %s', async (_, make) => {
    await make()

    await expect(checkNamedProgram(path.join(folder.path, 'it'), 'linux')).rejects.toMatchObject({
      id: 'gpu.program-missing',
    })
  })

  it('on Windows is a program that needs no shell', async () => {
    expect(faultOfPath('C:\\Windows\\System32\\nvidia-smi.exe', 'win32')).toBeNull()
    // Read by this machine's file system, by Windows' rules.
    await expect(checkNamedProgram(await program('smi.cmd'), 'win32')).rejects.toMatchObject({
      id: 'gpu.program-missing',
    })
    await expect(checkNamedProgram(await program('smi.exe', 0o644), 'win32')).resolves.toBeUndefined()
  })
})

it.each(['nvidia-smi', './nvidia-smi', '../nvidia-smi', '~/nvidia-smi', '', 'C:\\x.exe', '/a\0b', '--help'])(
  'a program that is named as %j is none on Linux: it would depend on where Regie was started',
  (named) => {
    expect(faultOfPath(named, 'linux')).toMatchObject({ problem: 'gpu.program-path' })
  },
)

it('of PATH only whole folders count, on every system', () => {
  expect(placesOfNvidiaSmi({ PATH: '.:/usr/local/bin::bin' }, 'linux')).toEqual([
    '/usr/local/bin/nvidia-smi',
    '/usr/bin/nvidia-smi',
    '/usr/lib/wsl/lib/nvidia-smi',
  ])
  expect(placesOfNvidiaSmi({ Path: '.;D:\\tools;;bin', SystemRoot: 'C:\\Windows' }, 'win32').slice(0, 2)).toEqual([
    'D:\\tools\\nvidia-smi.exe',
    'C:\\Windows\\System32\\nvidia-smi.exe',
  ])
})

it('whatever PATH holds, only absolute paths are tried', () => {
  fc.assert(
    fc.property(fc.string(), fc.constantFrom('linux', 'win32', 'darwin'), (PATH, platform) => {
      const paths = platform === 'win32' ? path.win32 : path.posix
      expect(placesOfNvidiaSmi({ PATH }, platform).every((file) => paths.isAbsolute(file))).toBe(true)
    }),
  )
})

it('where there is none, it is said where it comes from', async () => {
  const nowhere = { setting: null, environment: null }

  // Windows' places are nowhere on the machine of this test, whatever its driver is.
  expect(await locateNvidiaSmi(nowhere, windows, {})).toMatchObject({ reason: { problem: 'gpu.no-program' } })
  expect(await locateNvidiaSmi(nowhere, { ...windows, isWsl: true }, {})).toMatchObject({
    reason: { problem: 'gpu.no-program-wsl' },
  })
})

it.each([
  ['linux', '6.6.87.2-microsoft-standard-WSL2', [], { isWsl: true, isContainer: false }],
  ['linux', '4.4.0-19041-Microsoft', [], { isWsl: true, isContainer: false }],
  ['linux', '6.8.0-60-generic', ['/.dockerenv'], { isWsl: false, isContainer: true }],
  ['linux', '6.6.87.2-microsoft-standard-WSL2', ['/run/.containerenv'], { isWsl: true, isContainer: true }],
  ['win32', '10.0.26100', ['/.dockerenv'], { isWsl: false, isContainer: false }],
  ['darwin', '24.6.0', [], { isWsl: false, isContainer: false }],
] as const)('%s with the kernel %s is known for what it is', (platform, kernel, marks, expected) => {
  const exists = (file: string) => (marks as readonly string[]).includes(file)

  expect(readMachine(platform, kernel, exists)).toEqual({ platform, ...expected })
})
