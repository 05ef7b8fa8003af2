import path from 'node:path/posix'

/** What is Regie's own holds it; what does not is left alone. */
export const autostartMark = 'X-Regie=true'

/** Where a Linux desktop looks for what it starts: https://specifications.freedesktop.org/autostart-spec/latest/ */
export const autostartFile = (home: string, env: NodeJS.ProcessEnv): string =>
  path.join(env['XDG_CONFIG_HOME'] || path.join(home, '.config'), 'autostart', 'regie.desktop')

/** A word of `Exec=`: https://specifications.freedesktop.org/desktop-entry-spec/latest/exec-variables.html */
const word = (text: string): string =>
  `"${text.replaceAll(/["`$\\]/g, String.raw`\$&`).replaceAll('%', '%%')}"`.replaceAll('\\', String.raw`\\`)

export const autostartEntry = (program: string, argument: string): string =>
  ['[Desktop Entry]', 'Type=Application', 'Name=Regie', `Exec=${word(program)} ${argument}`, autostartMark, ''].join(
    '\n',
  )
