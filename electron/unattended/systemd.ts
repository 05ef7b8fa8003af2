import path from 'node:path/posix'
import { besideSealed, mark, stopSeconds, type Launch, type Plan, type Wish } from './plan'

export const unit = 'regie.service'

/** What the passphrase is called, to systemd and below `$CREDENTIALS_DIRECTORY`. */
export const credentialName = 'regie-passphrase'

/** User units can be given sealed credentials from this version on: https://systemd.io/CREDENTIALS/ */
export const oldestWithUserCredentials = 256

/** `%` begins a specifier everywhere in a unit: https://www.freedesktop.org/software/systemd/man/systemd.unit.html */
const plain = (text: string): string => text.replaceAll('%', '%%')

/** A word of `ExecStart=`: https://www.freedesktop.org/software/systemd/man/systemd.service.html#Command%20lines */
const word = (text: string): string =>
  `"${plain(text)
    .replaceAll(/["\\]/g, String.raw`\$&`)
    .replaceAll('$', '$$$$')}"`

/** The value of an `Environment=`, where a `$` is itself. */
const assignment = (name: string, value: string): string =>
  `Environment="${plain(`${name}=${value}`).replaceAll(/["\\]/g, String.raw`\$&`)}"`

/** The text of the unit. `sealedFile`: the passphrase, sealed; null where the vault stays locked. */
function unitText({ file, args, env }: Launch, sealedFile: string | null): string {
  return [
    `# ${mark}`,
    '[Unit]',
    'Description=Regie, the control room for an image-generation workstation',
    '',
    '[Service]',
    'Type=exec',
    `ExecStart=${[file, ...args].map(word).join(' ')}`,
    ...Object.entries(env).map(([name, value]) => assignment(name, value)),
    ...(sealedFile === null ? [] : [`LoadCredentialEncrypted=${credentialName}:${plain(sealedFile)}`]),
    'Restart=on-failure',
    'RestartSec=5',
    // Regie ends what it started, in order; what is left after that is ended by systemd.
    'KillMode=mixed',
    `TimeoutStopSec=${stopSeconds}`,
    '',
    '[Install]',
    'WantedBy=default.target',
    '',
  ].join('\n')
}

/** A unit of the person's own systemd: it needs no administrator, and begins with their first sign-in. */
export function planSystemd({ launch, unlock, home, env }: Wish): Plan {
  const config = env['XDG_CONFIG_HOME'] || path.join(home, '.config')
  const sealedFile = unlock === 'none' ? null : path.join(config, 'regie-service', 'passphrase.cred')
  const systemctl = (...args: string[]) => ({ file: 'systemctl', args: ['--user', ...args] })
  return {
    manager: 'systemd',
    name: unit,
    file: {
      path: path.join(config, 'systemd', 'user', unit),
      content: unitText(launch, sealedFile),
      encoding: 'utf8',
    },
    sealedFile,
    seal: sealedFile === null ? null : sealing(besideSealed(sealedFile)),
    // A unit that runs already goes on with what it was started with, unless it is restarted.
    install: [systemctl('daemon-reload'), systemctl('enable', unit), systemctl('restart', unit)],
    uninstall: [{ ...systemctl('disable', '--now', unit), mayFail: true }],
    status: systemctl('status', '--no-pager', '--lines=0', unit),
    kept: null,
  }
}

const sealing = (file: string) => ({
  file: 'systemd-creds',
  args: ['encrypt', '--user', `--name=${credentialName}`, '-', file],
  input: (passphrase: string) => passphrase,
})
