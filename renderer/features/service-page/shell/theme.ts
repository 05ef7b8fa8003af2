import type { ITheme } from '@xterm/xterm'

const ansi = {
  dark: {
    black: '#3d3d3d',
    red: '#ff8a80',
    green: '#62c68d',
    yellow: '#e6b450',
    blue: '#8fb3ff',
    magenta: '#d7a6f5',
    cyan: '#6fcbd6',
    white: '#d0d0d0',
    brightBlack: '#9a9a9a',
    brightRed: '#ffb0a8',
    brightGreen: '#8fe0b0',
    brightYellow: '#f4cf85',
    brightBlue: '#b6ccff',
    brightMagenta: '#e8c8fb',
    brightCyan: '#9be2ea',
    brightWhite: '#ffffff',
  },
  light: {
    black: '#1b1b1b',
    red: '#b4271f',
    green: '#1a6e40',
    yellow: '#855400',
    blue: '#2353bf',
    magenta: '#7b2fa8',
    cyan: '#0f6b78',
    white: '#616161',
    brightBlack: '#616161',
    brightRed: '#9a1b14',
    brightGreen: '#125a32',
    brightYellow: '#6d4400',
    brightBlue: '#1a429c',
    brightMagenta: '#632589',
    brightCyan: '#0a5661',
    brightWhite: '#1b1b1b',
  },
} as const satisfies Record<'dark' | 'light', ITheme>

/** The terminal in the panel's own colours. */
export function terminalTheme(scheme: 'dark' | 'light'): ITheme {
  const style = getComputedStyle(document.documentElement)
  const token = (name: string) => style.getPropertyValue(name).trim()
  return {
    ...ansi[scheme],
    background: token('--well'),
    foreground: token('--text-1'),
    cursor: token('--accent'),
    cursorAccent: token('--well'),
    selectionBackground: scheme === 'dark' ? '#3566d680' : '#2c5fd040',
  }
}
