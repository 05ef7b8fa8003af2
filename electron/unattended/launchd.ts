import path from 'node:path/posix'
import { mark, stopSeconds, type Launch, type Plan, type Wish } from './plan'
import { xmlText } from './xml'

export const label = 'app.regie.Regie'

/** Where the passphrase lies in the keychain. */
export const keychainService = 'Regie vault'

/** A launchd agent has none of the shell's: Docker's and Homebrew's programs would not be found. */
const searchPath = '/usr/local/bin:/opt/homebrew/bin:/usr/bin:/bin:/usr/sbin:/sbin'

const string = (text: string): string => `<string>${xmlText(text)}</string>`

/** The property list: `man launchd.plist`. */
function agentText({ file, args, env }: Launch): string {
  const variables = Object.entries({ PATH: searchPath, ...env })
  return `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<!-- ${mark} -->
<plist version="1.0">
<dict>
  <key>Label</key>
  ${string(label)}
  <key>ProgramArguments</key>
  <array>
${[file, ...args].map((text) => `    ${string(text)}`).join('\n')}
  </array>
  <key>EnvironmentVariables</key>
  <dict>
${variables.map(([name, value]) => `    <key>${xmlText(name)}</key>\n    ${string(value)}`).join('\n')}
  </dict>
  <key>RunAtLoad</key>
  <true/>
  <key>KeepAlive</key>
  <dict>
    <key>SuccessfulExit</key>
    <false/>
  </dict>
  <key>ThrottleInterval</key>
  <integer>10</integer>
  <key>ExitTimeOut</key>
  <integer>${stopSeconds}</integer>
  <key>ProcessType</key>
  <string>Interactive</string>
</dict>
</plist>
`
}

/** An agent of the person's own, which runs while they are signed in. */
export function planLaunchd({ launch, unlock, home, user, uid }: Wish): Plan {
  const file = path.join(home, 'Library', 'LaunchAgents', `${label}.plist`)
  const security = (...args: string[]) => ({ file: '/usr/bin/security', args })
  const launchctl = (...args: string[]) => ({ file: '/bin/launchctl', args })
  return {
    manager: 'launchd',
    name: label,
    file: { path: file, content: agentText(launch), encoding: 'utf8' },
    sealedFile: null,
    // The command itself comes on the standard input, so that the passphrase is in no list of processes.
    seal: unlock === 'none' ? null : { ...security('-i'), input: (passphrase) => keep(user, passphrase) },
    install: [
      { ...launchctl('bootout', `gui/${uid}/${label}`), mayFail: true },
      launchctl('bootstrap', `gui/${uid}`, file),
    ],
    uninstall: [
      { ...launchctl('bootout', `gui/${uid}/${label}`), mayFail: true },
      { ...security('delete-generic-password', '-a', user, '-s', keychainService), mayFail: true },
    ],
    status: launchctl('print', `gui/${uid}/${label}`),
    kept: null,
  }
}

const keep = (user: string, passphrase: string): string =>
  `add-generic-password -U -a "${user}" -s "${keychainService}" -w "${passphrase}"\n`
