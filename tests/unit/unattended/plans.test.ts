import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { launchOf, planFor, restartCommand, type Manager, type Unlock, type Wish } from '../../../electron/unattended'
import { temporaryFolder } from '../../support/programs'

const posix: Wish = {
  launch: { file: '/usr/bin/node', args: ['/opt/re gie/headless.js', '--data', '/home/a b/100%/$x"\\'], env: {} },
  dataFolder: '/home/a b/100%/$x"\\',
  unlock: 'none',
  home: '/home/ann',
  user: 'ann',
  uid: 1000,
  env: {},
}
const windows: Wish = {
  ...posix,
  launch: {
    file: String.raw`C:\Program Files\Regie & Co\Regie.exe`,
    args: [String.raw`C:\Program Files\Regie & Co\headless.js`, '--data', 'C:\\Users\\Ann\\my data\\'],
    env: { ELECTRON_RUN_AS_NODE: '1' },
  },
  home: String.raw`C:\Users\Ann`,
  user: String.raw`DESK\Ann`,
  env: { APPDATA: String.raw`C:\Users\Ann\AppData\Roaming`, SystemRoot: String.raw`C:\Windows` },
}

describe('a systemd user unit', () => {
  const plan = planFor('systemd', posix)

  it('quotes what systemd would take for its own', () => {
    expect(plan.file.path).toBe('/home/ann/.config/systemd/user/regie.service')
    expect(plan.file.content).toContain(
      String.raw`ExecStart="/usr/bin/node" "/opt/re gie/headless.js" "--data" "/home/a b/100%%/$$x\"\\"`,
    )
  })

  it('lies where XDG_CONFIG_HOME says', () => {
    expect(planFor('systemd', { ...posix, env: { XDG_CONFIG_HOME: '/cfg' } }).file.path).toBe(
      '/cfg/systemd/user/regie.service',
    )
  })

  it.skipIf(spawnSync('systemd-analyze', ['--version']).status !== 0)(
    'is one that systemd itself finds nothing wrong with',
    async () => {
      await using folder = await temporaryFolder('regie-unit')
      const file = path.join(folder.path, 'regie.service')
      const launch = { ...posix.launch, file: process.execPath, env: { NAME: 'a "b" $c %d' } }
      writeFileSync(file, planFor('systemd', { ...posix, launch, unlock: 'systemd-credential' }).file.content)
      const { stdout, stderr, status } = spawnSync('systemd-analyze', ['verify', '--man=no', file], {
        encoding: 'utf8',
      })
      // It also reads the units of the machine, and tells of those.
      const about = `${stdout}${stderr}`.split('\n').filter((line) => line.includes('regie'))
      expect({ about, status }).toEqual({ about: [], status: 0 })
    },
  )
})

describe('a launchd agent', () => {
  const plan = planFor('launchd', { ...posix, home: '/Users/ann', uid: 501 })

  it('is a property list of the person who is signed in', () => {
    expect(plan.file.path).toBe('/Users/ann/Library/LaunchAgents/app.regie.Regie.plist')
    expect(plan.file.content).toContain('<string>/home/a b/100%/$x&quot;\\</string>')
    expect(plan.install.map(({ args }) => args)).toEqual([
      ['bootout', 'gui/501/app.regie.Regie'],
      ['bootstrap', 'gui/501', plan.file.path],
    ])
  })

  it("hands the passphrase to the keychain's program on its standard input", () => {
    const { seal } = planFor('launchd', { ...posix, unlock: 'keychain' })
    expect(seal?.args).toEqual(['-i'])
    expect(seal?.input?.('cGFzcw==')).toBe('add-generic-password -U -a "ann" -s "Regie vault" -w "cGFzcw=="\n')
  })
})

describe('a scheduled task', () => {
  const plan = planFor('task-scheduler', windows)
  const command = /<Arguments>(.*)<\/Arguments>/
    .exec(plan.file.content)?.[1]
    ?.replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&')

  it('lies beside the data folder, in the encoding that schtasks reads', () => {
    expect(plan.file.path).toBe(String.raw`C:\Users\Ann\AppData\Roaming\Regie service\task.xml`)
    expect(plan.file.encoding).toBe('utf16le')
    expect(plan.file.content).toMatch(/^\uFEFF<\?xml version="1.0" encoding="UTF-16"\?>/)
  })

  it('runs in a console that nobody sees, with the variable that makes Electron a node', () => {
    expect(plan.file.content).toContain(String.raw`<Command>C:\Windows\System32\conhost.exe</Command>`)
    expect(command).toBe(
      String.raw`--headless C:\Windows\System32\cmd.exe /d /s /c "set "ELECTRON_RUN_AS_NODE=1" && ` +
        String.raw`"C:\Program Files\Regie & Co\Regie.exe" "C:\Program Files\Regie & Co\headless.js" --data "C:\Users\Ann\my data\\""`,
    )
  })

  it('begins when its owner signs in, as that owner and with no more rights', () => {
    expect(plan.file.content).toContain(String.raw`<UserId>DESK\Ann</UserId>`)
    expect(plan.file.content).toContain('<LogonType>InteractiveToken</LogonType>')
    expect(plan.file.content).toContain('<RunLevel>LeastPrivilege</RunLevel>')
  })

  it('seals the passphrase with a script that no path can break out of', () => {
    const { seal, sealedFile } = planFor('task-scheduler', {
      ...windows,
      unlock: 'dpapi',
      home: String.raw`C:\Users\O'Neil`,
      env: {},
    })
    const script = Buffer.from(seal?.args.at(-1) ?? '', 'base64').toString('utf16le')
    expect(sealedFile).toBe(String.raw`C:\Users\O'Neil\AppData\Roaming\Regie service\passphrase.dpapi`)
    expect(script).toContain(
      String.raw`WriteAllBytes('C:\Users\O''Neil\AppData\Roaming\Regie service\passphrase.dpapi.new', $sealed)`,
    )
  })
})

const ways: [Manager, Exclude<Unlock, 'none'>, Wish][] = [
  ['systemd', 'systemd-credential', posix],
  ['launchd', 'keychain', posix],
  ['task-scheduler', 'dpapi', windows],
]

it.each(ways)('%s: nothing that others can read holds the passphrase', (manager, unlock, wish) => {
  const plan = planFor(manager, { ...wish, unlock })
  const given = plan.seal?.input?.('c2VjcmV0')
  expect(given).toContain('c2VjcmV0')
  expect(JSON.stringify({ ...plan, seal: { ...plan.seal, input: null } })).not.toContain('c2VjcmV0')
})

describe('the program that a service starts', () => {
  const built = path.join('/opt', 'regie', 'dist', 'main')
  const running = { execPath: '/usr/bin/node', isElectron: false, built, env: {}, exists: () => false }
  const headless = path.join(built, 'headless.js')

  it('is the build of a package', () => {
    expect(launchOf(running)).toEqual({ file: '/usr/bin/node', args: [headless], env: {} })
  })

  it('is what builds first, in a clone', () => {
    const start = path.join('/opt', 'regie', 'electron', 'start.mjs')
    expect(launchOf({ ...running, exists: (file) => file === start }).args).toEqual([start, '--headless'])
  })

  it('is the installed application, as a node', () => {
    expect(launchOf({ ...running, isElectron: true, execPath: '/opt/Regie/regie' })).toEqual({
      file: '/opt/Regie/regie',
      args: [headless],
      env: { ELECTRON_RUN_AS_NODE: '1' },
    })
  })

  it('is none that is gone after this run', () => {
    expect(() => launchOf({ ...running, env: { APPIMAGE: '/home/ann/Regie.AppImage' } })).toThrow('AppImage')
    expect(() => launchOf({ ...running, built: '/home/ann/.npm/_npx/1f/node_modules/regie/dist/main' })).toThrow('npx')
  })
})

it('each system starts the installed Regie again by a command of its own', () => {
  expect(restartCommand('systemd', 1000)).toBe(`systemctl --user restart ${planFor('systemd', posix).name}`)
  expect(restartCommand('launchd', 501)).toBe(`launchctl kickstart -k gui/501/${planFor('launchd', posix).name}`)
  // A line each: neither shell of Windows takes what the other one joins commands with.
  expect(restartCommand('task-scheduler', 0)).toBe('schtasks /End /TN Regie\nschtasks /Run /TN Regie')
})
