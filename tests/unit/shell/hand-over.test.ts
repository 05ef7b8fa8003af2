import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { handOver } from '../../../electron/shell/hand-over'
import { temporaryFolder } from '../../support/programs'
import { until } from '../../support/until'

/** A program that leaves a note of how it was started. */
const noting = (note: string) => `#!/bin/sh\necho "$0 $*" > '${note}.new' && mv '${note}.new' '${note}'\n`

async function machine() {
  const folder = await temporaryFolder('regie-hand-over')
  const at = (name: string) => path.join(folder.path, name)
  mkdirSync(at('apps'))
  mkdirSync(at('releases'))
  writeFileSync(at('apps/Regie-0.7.0.AppImage'), 'old', { mode: 0o755 })
  writeFileSync(at('releases/new'), noting(at('note')), { mode: 0o600 })
  const running = at('apps/Regie-0.7.0.AppImage')
  const ready = { version: '0.8.0', file: at('releases/new') }
  const env = { PATH: process.env['PATH'], APPIMAGE: running }
  return { at, running, ready, env, [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose]() }
}

describe.skipIf(process.platform === 'win32')('an AppImage', () => {
  it('takes the place and the name of the one that runs, and starts', async () => {
    await using on = await machine()
    await handOver(on.ready, 'AppImage', { restart: true, env: on.env })
    expect(readFileSync(on.running, 'utf8')).toContain('#!/bin/sh')
    expect(statSync(on.running).mode & 0o777).toBe(0o755)
    expect([readdirSync(on.at('apps')), existsSync(on.ready.file)]).toEqual([['Regie-0.7.0.AppImage'], false])
    await until('it to be started', () => existsSync(on.at('note')))
    expect(readFileSync(on.at('note'), 'utf8').trim()).toBe(on.running)
  })

  it('is not started where Regie ends for another reason', async () => {
    await using on = await machine()
    await handOver(on.ready, 'AppImage', { restart: false, env: on.env })
    expect([readFileSync(on.running, 'utf8').slice(0, 2), existsSync(on.at('note'))]).toEqual(['#!', false])
  })

  it('that cannot be read leaves the one that runs', async () => {
    await using on = await machine()
    const gone = { version: '0.8.0', file: on.at('releases/gone') }
    await expect(handOver(gone, 'AppImage', { restart: true, env: on.env })).rejects.toThrow('ENOENT')
    expect([readFileSync(on.running, 'utf8'), readdirSync(on.at('apps'))]).toEqual(['old', ['Regie-0.7.0.AppImage']])
  })
})

describe.skipIf(process.platform === 'win32')('Windows’ installer', () => {
  it('is started without questions, and starts Regie where that is wanted', async () => {
    await using on = await machine()
    chmodSync(on.ready.file, 0o755)
    await handOver(on.ready, 'exe', { restart: true, env: on.env })
    await until('it to be started', () => existsSync(on.at('note')))
    expect(readFileSync(on.at('note'), 'utf8').trim()).toBe(`${on.ready.file} --updated /S --force-run`)
  })

  it('that cannot be started is told', async () => {
    await using on = await machine()
    await expect(handOver(on.ready, 'exe', { restart: true, env: on.env })).rejects.toThrow('EACCES')
  })

  it('knows these arguments', () => {
    const nsis = path.resolve(import.meta.dirname, '../../../node_modules/app-builder-lib/templates/nsis')
    const text = readFileSync(path.join(nsis, 'installSection.nsh'), 'utf8')
    expect(text).toContain('${isForceRun}')
    expect(readFileSync(path.join(nsis, 'common.nsh'), 'utf8')).toContain('StrCpy $startAppArgs "--updated"')
  })
})

it.each(['deb', 'rpm', 'dmg'] as const)('a %s is a person’s to install', async (packaging) => {
  await using on = await machine()
  await expect(handOver(on.ready, packaging, { restart: true, env: on.env })).rejects.toThrow('installed by a person')
})
