import path from 'node:path'
import { beforeAll, expect, it } from 'vitest'
import { ensureBuilt } from '../../../electron/build.mjs'
import { long } from '../../support/long'
import { bootSystemd, whyNoSystemd } from '../../support/systemd'
import { until } from '../../support/until'

const cli = path.resolve(import.meta.dirname, '../../../dist/main/cli.js')
const data = '/root/my data 100% $HOME'

beforeAll(ensureBuilt, 300_000)

it(
  'systemd starts what was installed, again after a crash, and forgets it',
  { ...long, timeout: 180_000 },
  async ({ skip }) => {
    const why = whyNoSystemd()
    if (why !== null) skip(why)
    await using systemd = await bootSystemd()
    const service = (...args: string[]) => systemd.run(process.execPath, [cli, 'service', ...args])
    const show = async (name: string) =>
      (await systemd.run('systemctl', ['--user', 'show', '--value', `--property=${name}`, 'regie.service'])).trim()
    const link = () => service('link', '--data', data).catch(() => '')

    expect(await service('install', '--yes', '--demo', '--port', '0', '--data', data)).toContain(
      'Installed: regie.service',
    )
    await until('the panel to be there', async () => (await link()) !== '', 60_000)
    expect(await service('status')).toContain('active (running)')

    // The link signs in once, and another takes its place; none of it is in the journal.
    const before = await link()
    const [, address = '', token = ''] = /^(\S+)signin\?token=(\S+)/.exec(before) ?? []
    const given = ['--header', `Origin: ${address.slice(0, -1)}`, '--json', JSON.stringify({ token })]
    await systemd.run('curl', ['--silent', '--fail', '--output', '/dev/null', ...given, `${address}api/v1/session`])
    const after = await link()
    expect(after).not.toBe(before)
    const journal = await systemd.run('journalctl', ['--no-pager'])
    expect(journal).toContain(`Regie listening on ${address}`)
    expect(journal).not.toContain(token)

    const pid = await show('MainPID')
    await systemd.run('kill', ['-KILL', pid])
    await until('systemd to have started it again', async () => !['0', pid].includes(await show('MainPID')), 60_000)
    await until('the panel to be there again', async () => !['', after].includes(await link()), 60_000)

    await systemd.run('systemctl', ['--user', 'stop', 'regie.service'])
    expect([await show('Result'), await show('ExecMainStatus'), await link()]).toEqual(['success', '0', ''])

    expect(await service('uninstall', '--yes')).toContain('Removed.')
    await expect(systemd.run('systemctl', ['--user', 'cat', 'regie.service'])).rejects.toThrow()
    // What a person keeps stays.
    await systemd.run('ls', [path.join(data, 'config.json')])
  },
)
