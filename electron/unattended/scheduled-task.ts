import path from 'node:path/win32'
import { besideSealed, mark, type Launch, type Plan, type Wish } from './plan'
import { xmlText } from './xml'

export const task = 'Regie'

/**
 * An argument as programs on Windows take their command line apart:
 * https://learn.microsoft.com/cpp/c-language/parsing-c-command-line-arguments
 */
const argument = (text: string): string =>
  /^[\w:\\./=-]+$/.test(text) ? text : `"${text.replaceAll(/(\\*)"/g, String.raw`$1$1\"`).replace(/\\+$/, '$&$&')}"`

/**
 * What the task runs. A program of the console opens a window for it, and stays as long as that window: the system's
 * own `conhost --headless` gives it a console that nobody sees. A task cannot set a variable, so `cmd` does.
 */
function action({ file, args, env }: Launch, systemRoot: string): { command: string; arguments: string } {
  const system = (name: string) => path.join(systemRoot, 'System32', name)
  const line = [file, ...args].map(argument).join(' ')
  const variables = Object.entries(env).map(([name, value]) => `set "${name}=${value}"`)
  const called = variables.length === 0 ? line : `${system('cmd.exe')} /d /s /c "${[...variables, line].join(' && ')}"`
  return { command: system('conhost.exe'), arguments: `--headless ${called}` }
}

/** The task: https://learn.microsoft.com/windows/win32/taskschd/task-scheduler-schema */
function taskText(launch: Launch, user: string, systemRoot: string): string {
  const { command, arguments: line } = action(launch, systemRoot)
  return `<?xml version="1.0" encoding="UTF-16"?>
<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <RegistrationInfo>
    <Description>${xmlText(`Regie, the control room for an image-generation workstation. ${mark}`)}</Description>
    <URI>\\${task}</URI>
  </RegistrationInfo>
  <Triggers>
    <LogonTrigger>
      <Enabled>true</Enabled>
      <UserId>${xmlText(user)}</UserId>
    </LogonTrigger>
  </Triggers>
  <Principals>
    <Principal id="Author">
      <UserId>${xmlText(user)}</UserId>
      <LogonType>InteractiveToken</LogonType>
      <RunLevel>LeastPrivilege</RunLevel>
    </Principal>
  </Principals>
  <Settings>
    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>
    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>
    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>
    <ExecutionTimeLimit>PT0S</ExecutionTimeLimit>
    <RestartOnFailure>
      <Interval>PT1M</Interval>
      <Count>999</Count>
    </RestartOnFailure>
  </Settings>
  <Actions Context="Author">
    <Exec>
      <Command>${xmlText(command)}</Command>
      <Arguments>${xmlText(line)}</Arguments>
    </Exec>
  </Actions>
</Task>
`
}

/** Where what belongs to the task lies. */
export const taskFolder = (home: string, env: NodeJS.ProcessEnv): string =>
  path.join(env['APPDATA'] || path.join(home, 'AppData', 'Roaming'), 'Regie service')

/** A task of the person's own, begun at their sign-in: Docker Desktop and DPAPI are there no earlier. */
export function planScheduledTask({ launch, unlock, home, user, env }: Wish): Plan {
  const folder = taskFolder(home, env)
  const systemRoot = env['SystemRoot'] || String.raw`C:\Windows`
  const schtasks = (...args: string[]) => ({ file: path.join(systemRoot, 'System32', 'schtasks.exe'), args })
  const file = path.join(folder, 'task.xml')
  const sealedFile = unlock === 'none' ? null : path.join(folder, 'passphrase.dpapi')
  return {
    manager: 'task-scheduler',
    name: task,
    file: { path: file, content: `\uFEFF${taskText(launch, user, systemRoot)}`, encoding: 'utf16le' },
    sealedFile,
    seal:
      sealedFile === null
        ? null
        : { ...sealWithDpapi(besideSealed(sealedFile), systemRoot), input: (passphrase: string) => passphrase },
    install: [
      { ...schtasks('/End', '/TN', task), mayFail: true },
      schtasks('/Create', '/TN', task, '/XML', file, '/F'),
      schtasks('/Run', '/TN', task),
    ],
    uninstall: [
      { ...schtasks('/End', '/TN', task), mayFail: true },
      { ...schtasks('/Delete', '/TN', task, '/F'), mayFail: true },
    ],
    status: schtasks('/Query', '/TN', task, '/V', '/FO', 'LIST'),
    kept: schtasks('/Query', '/TN', task, '/XML'),
  }
}

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`

/** Windows' own PowerShell with a script that no quoting can break: in base64 of UTF-16. */
function powershell(systemRoot: string, script: string): { file: string; args: string[] } {
  const file = path.join(systemRoot, 'System32', 'WindowsPowerShell', 'v1.0', 'powershell.exe')
  const encoded = Buffer.from(`$ErrorActionPreference = 'Stop'; ${script}`, 'utf16le').toString('base64')
  return { file, args: ['-NoProfile', '-NonInteractive', '-EncodedCommand', encoded] }
}

const dpapi = 'Add-Type -AssemblyName System.Security;'

/** Seals what comes on the standard input, in base64, for this user of this machine, into a file. */
const sealWithDpapi = (file: string, systemRoot: string) =>
  powershell(
    systemRoot,
    `${dpapi} $open = [Convert]::FromBase64String([Console]::In.ReadToEnd().Trim()); ` +
      `$sealed = [Security.Cryptography.ProtectedData]::Protect($open, $null, 'CurrentUser'); ` +
      `[IO.File]::WriteAllBytes(${quoted(file)}, $sealed)`,
  )

/** Prints what `sealWithDpapi` has sealed, in base64. Another user, or another machine, cannot. */
export const openWithDpapi = (file: string, systemRoot: string) =>
  powershell(
    systemRoot,
    `${dpapi} $sealed = [IO.File]::ReadAllBytes(${quoted(file)}); ` +
      `$open = [Security.Cryptography.ProtectedData]::Unprotect($sealed, $null, 'CurrentUser'); ` +
      `[Console]::Out.Write([Convert]::ToBase64String($open))`,
  )
