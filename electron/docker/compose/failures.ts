import { reason, type ProblemId, type ProblemParams, type Reason } from '../../../shared/problems'

const unimportant =
  /^(time="[^"]*" level=(warning|info|debug)|Traceback \(most recent call last\)|\s+File "|\s+[\^~]+\s*$|During handling)/

/** The last words of a program that failed, without its warnings and call stacks. */
export function lastLines(output: string, count = 6): string {
  const lines = output
    .split(/\r\n|\r|\n/)
    .map((line) => line.trimEnd())
    .filter((line) => line.trim() !== '' && !unimportant.test(line))
  return [...new Set(lines.map((line) => line.trim()))].slice(-count).join('\n').slice(-1500)
}

/** The one line in which a text was found. */
function lineWith(output: string, pattern: RegExp): string {
  const found = output.split(/\r\n|\r|\n/).findLast((line) => pattern.test(line)) ?? ''
  return found
    .replace(/^\s*(ERROR: for \S+\s+|Error response from daemon: )/, '')
    .trim()
    .slice(0, 500)
}

type Explain = (match: RegExpExecArray, line: string, output: string) => [ProblemId, ProblemParams]

const group = (match: RegExpExecArray, name: string) => match.groups?.[name] ?? ''

/**
 * What a failure is called, by the words of Docker, Compose 1 and Compose 2; the first that fits counts. Localised
 * endings of Windows' messages are not looked at.
 */
const failures: { text: RegExp; explain: Explain }[] = [
  // The engine
  {
    text: /permission denied while trying to connect to the docker (daemon socket|API)|PermissionError\(13/i,
    explain: (_, line) => ['compose.engine-refused', { line }],
  },
  {
    text: /Cannot connect to the Docker daemon|failed to connect to the docker API|error during connect|Error while fetching server API version|Is the docker daemon running\?|Couldn't connect to Docker daemon/i,
    explain: (_, line) => ['compose.engine-unreachable', { line }],
  },
  {
    text: /client version \S+ is too old|client is newer than server|Maximum supported API version/i,
    explain: (_, line) => ['compose.engine-version', { line }],
  },
  // The files
  {
    text: /no configuration file provided|Can't find a suitable configuration file|^(open|stat) (?<v2>.+?): (no such file or directory|The system cannot find the (file|path) specified)|FileNotFoundError: \[Errno 2\] No such file or directory: '(?<v1>[^']+)'/im,
    explain: (match) => ['compose.file-missing', { file: group(match, 'v2') || group(match, 'v1') }],
  },
  {
    text: /env file (?<v2>.+?) not found|Couldn't find env file: (?<v1>.+)/i,
    explain: (match) => ['compose.env-file-missing', { file: (group(match, 'v2') || group(match, 'v1')).trim() }],
  },
  {
    text: /required variable (?<v2>\S+) is missing a value(: (?<said>.*))?|Missing mandatory value for .* interpolating .*\$\{(?<v1>\w+)[:?].*?\}.* in \S+ "[^"]*"(: (?<said1>.*))?/i,
    explain: (match) => [
      'compose.variable-missing',
      { name: group(match, 'v2') || group(match, 'v1'), said: group(match, 'said') || group(match, 'said1') || '–' },
    ],
  },
  {
    text: /invalid interpolation format|Invalid template/i,
    explain: (_, line, output) => ['compose.interpolation', { line: interpolated(output) || line }],
  },
  {
    text: /unterminated quoted value|unexpected character .* in variable name|failed to read .*\.env|Python-dotenv could not parse/i,
    explain: (_, line) => ['compose.env-file-invalid', { line }],
  },
  {
    text: /yaml: (unmarshal errors|line (?<v2>\d+))|yaml\.(parser|scanner|composer|constructor|reader)\.\w+Error/i,
    explain: (match, _, output) => [
      'compose.yaml',
      { line: Number(group(match, 'v2')) || lastYamlLine(output), output: lastLines(output, 4) },
    ],
  },
  {
    text: /no such service: (?<name>\S+)/i,
    explain: (match) => ['compose.service-missing', { service: group(match, 'name') }],
  },
  {
    text: /additional propert(y|ies)|^validating |Unsupported config option|contains unsupported option|The Compose file .* is invalid|services\.\S+ must be|undefined (volume|network|service)|has neither an image nor a build/im,
    explain: (_match, _line, output) => ['compose.invalid', { output: lastLines(output, 4) }],
  },
  // The machine
  {
    text: /no space left on device|not enough space on the disk/i,
    explain: (_, line) => ['compose.disk-full', { line }],
  },
  {
    text: /port is already allocated|address already in use|ports are not available|forbidden by its access permissions/i,
    explain: (_, line) => ['compose.port-taken', { port: portIn(line), line }],
  },
  {
    text: /network (?<name>\S+) is ambiguous|(?<more>\d+) matches found (based )?on name/i,
    explain: (match) => ['compose.network-twice', { name: group(match, 'name') }],
  },
  {
    text: /network (?<name>\S+) not found|could not find a network matching/i,
    explain: (match) => ['compose.network-gone', { name: group(match, 'name') }],
  },
  {
    text: /container name "\/?(?<name>[^"]+)" is already in use/i,
    explain: (match) => ['compose.name-taken', { name: group(match, 'name') }],
  },
  {
    text: /could not select device driver|nvidia-container-cli|libnvidia-ml|unresolvable CDI devices|unknown or invalid runtime name: nvidia/i,
    explain: (_, line) => ['compose.gpu', { line }],
  },
  {
    text: /bind source path does not exist: (?<source>\S.*)$|(?<torn>Are you trying to mount a directory onto a file|error mounting)/im,
    explain: (match, line) => ['compose.mount-missing', { source: group(match, 'source').trim() || line }],
  },
  {
    text: /dependency failed to start|Container "\w+" is unhealthy|is unhealthy$/im,
    explain: (_, line) => ['compose.dependency', { line }],
  },
  // The image
  {
    text: /pull access denied|manifest unknown|repository does not exist|no such image|unauthorized|denied: requested access|not found: manifest|authentication required/i,
    explain: (_, line) => ['compose.image-missing', { line }],
  },
  {
    text: /dial tcp|no such host|i\/o timeout|TLS handshake timeout|connection refused|Temporary failure in name resolution|proxyconnect|network is unreachable|context deadline exceeded|toomanyrequests/i,
    explain: (_, line) => ['compose.network', { line }],
  },
  {
    text: /failed to solve|failed to build|Service '.*' failed to build|process ".*" did not complete successfully/i,
    explain: (_match, _line, output) => ['compose.build-failed', { output: lastLines(output, 4) }],
  },
  {
    text: /executable file not found|OCI runtime create failed|exec format error/i,
    explain: (_, line) => ['compose.command', { line }],
  },
]

/** Names a failure by what was printed; `null` when it is none of the known ones. The text must be redacted. */
export function explainFailure(output: string): Reason | null {
  for (const { text, explain } of failures) {
    const match = text.exec(output)
    if (!match) continue
    const [id, params] = explain(match, lineWith(output, text), output)
    return reason(id, params)
  }
  return null
}

/** `127.0.0.1:8188` in `listen tcp4 127.0.0.1:8188: bind: …` or `Bind for 0.0.0.0:8188 failed`; else nothing. */
const portIn = (line: string): string =>
  /(?:tcp\d?|for|exposing port \w+) (?<address>\S+:\d+)/i.exec(line)?.groups?.['address']?.replace(/:$/, '') ?? '?'

/** Compose 1 names the line under its message, `in "./compose.yaml", line 5, column 4`; the last is the fault. */
const lastYamlLine = (output: string): number | string =>
  Number([...output.matchAll(/, line (\d+), column/g)].at(-1)?.[1]) || '?'

/** Where the `$` stands: Compose 2 tells it over three lines, Compose 1 in one. */
function interpolated(output: string): string {
  const at = /invalid interpolation format for (?<place>\S+?)\.?\s*\n.*\n(?<text>.+)/i.exec(output)
  return at ? `${at.groups?.['place'] ?? ''}: ${(at.groups?.['text'] ?? '').trim()}` : ''
}
