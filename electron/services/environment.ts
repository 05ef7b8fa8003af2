/** What any program needs to find its home, its libraries and its language; nothing else of the panel's is passed on. */
const passedOn = [
  ...[
    'PATH',
    'HOME',
    'USER',
    'LOGNAME',
    'SHELL',
    'LANG',
    'LANGUAGE',
    'LC_ALL',
    'LC_CTYPE',
    'TZ',
    'TMPDIR',
    'TEMP',
    'TMP',
  ],
  ...['LD_LIBRARY_PATH', 'CUDA_PATH', 'CUDA_HOME', 'XDG_CACHE_HOME', 'XDG_RUNTIME_DIR', 'DISPLAY', 'WAYLAND_DISPLAY'],
  ...[
    'SYSTEMROOT',
    'SYSTEMDRIVE',
    'WINDIR',
    'COMSPEC',
    'PATHEXT',
    'USERPROFILE',
    'USERNAME',
    'USERDOMAIN',
    'HOMEDRIVE',
  ],
  ...[
    'HOMEPATH',
    'APPDATA',
    'LOCALAPPDATA',
    'PROGRAMDATA',
    'ALLUSERSPROFILE',
    'PUBLIC',
    'PROGRAMFILES',
    'PROGRAMW6432',
  ],
  ...['PROGRAMFILES(X86)', 'COMMONPROGRAMFILES', 'NUMBER_OF_PROCESSORS', 'PROCESSOR_ARCHITECTURE', 'OS'],
]

/** A variable's value whatever the case of its name, as Windows sees it. */
export function lookUp(env: NodeJS.ProcessEnv, name: string): string | undefined {
  if (env[name] !== undefined) return env[name]
  const wanted = name.toUpperCase()
  return Object.entries(env).find(([key]) => key.toUpperCase() === wanted)?.[1]
}

/** The minimal environment of a program that Regie starts: no token, no secret of the panel's own. */
export function baseEnvironment(own: NodeJS.ProcessEnv = process.env): Record<string, string> {
  const entries = passedOn.map((name) => [name, process.platform === 'win32' ? lookUp(own, name) : own[name]] as const)
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => entry[1] !== undefined))
}

/**
 * The environment of a configured command: the minimal one, unbuffered output for Python (a log that comes in blocks
 * of 8 kB helps nobody), the service's GPU by UUID, and over it what is configured.
 */
export function commandEnvironment(
  configured: Record<string, string>,
  gpuUuid: string | undefined,
  own: NodeJS.ProcessEnv = process.env,
): Record<string, string> {
  const gpu = gpuUuid === undefined ? {} : { CUDA_DEVICE_ORDER: 'PCI_BUS_ID', CUDA_VISIBLE_DEVICES: gpuUuid }
  const base: Record<string, string> = { ...baseEnvironment(own), PYTHONUNBUFFERED: '1', ...gpu }
  if (process.platform !== 'win32') return { ...base, ...configured }
  // On Windows `Path` and `PATH` are one variable: what is configured takes the place of the base's spelling.
  const names = new Set(Object.keys(configured).map((name) => name.toUpperCase()))
  return {
    ...Object.fromEntries(Object.entries(base).filter(([name]) => !names.has(name.toUpperCase()))),
    ...configured,
  }
}
