import { reason, type ProblemId, type ProblemParams, type Reason } from '../../../shared/problems'
import { isOlder } from './arguments'
import { fromRegistry, lastLines, messagesIn } from './messages'

type Explain = (match: Record<string, string | undefined>, message: string) => [ProblemId, ProblemParams]

/** A whole message of one line, from its first sign to its last, and what it is called. */
interface Rule {
  message: RegExp
  explain: Explain
  /** Held against what the registry said, in a message of a build or a pull. */
  of?: 'registry'
}

const named =
  (id: ProblemId): Explain =>
  (_, line) => [id, { line: line.slice(0, 500) }]

/**
 * What a failure is called, by the words of Docker, Compose 1 and Compose 2. A rule is held against a whole message,
 * never against a part of it: an image, a path or a line of a log may hold the words of any other failure. The first
 * that fits counts; those that begin with their own words stand before those that others' words may precede.
 */
const rules: readonly Rule[] = [
  // The engine
  {
    message:
      /^(?:permission denied while trying to connect to the (?:docker daemon socket|docker API) at .*|Got permission denied while trying to connect to the Docker daemon socket at .*|(?:DockerException: )?Error while fetching server API version: \(.*PermissionError\(13, .*\)\))$/i,
    explain: named('compose.engine-refused'),
  },
  {
    message:
      /^(?:Cannot connect to the Docker daemon at .*|failed to connect to the docker API at .*|error during connect: .*|(?:DockerException: )?Error while fetching server API version: .*|Couldn't connect to Docker daemon\b.*)$/i,
    explain: named('compose.engine-unreachable'),
  },
  {
    message: /^(?:client version \S+ is too (?:old|new)\. .*|client is newer than server \(.*\))$/i,
    explain: named('compose.engine-version'),
  },
  // The program
  {
    // `ERROR: for web  'ContainerConfig'`, and the last line of its call stack.
    message: /^(?:KeyError: )?'ContainerConfig'$/,
    explain: () => ['compose.container-config', {}],
  },
  // The files
  { message: /^no service selected$/, explain: () => ['compose.profiles-needed', {}] },
  {
    message:
      /^(?:no configuration file provided(?:: not found)?|Can't find a suitable configuration file in this directory or any|(?:open|stat|lstat|CreateFile|GetFileAttributesEx) (?<file>.+): (?:no such file or directory|The system cannot find the (?:file|path) specified\.)|\.?FileNotFoundError: \[Errno 2\] No such file or directory: '(?<first>.+)')$/i,
    explain: ({ file, first }) => ['compose.file-missing', { file: file ?? first ?? '' }],
  },
  {
    message: /^(?:env file (?<file>.+?) not found(?:: .*)?|Couldn't find env file: (?<first>.+))$/i,
    explain: ({ file, first }) => ['compose.env-file-missing', { file: (file ?? first ?? '').trim() }],
  },
  {
    message: /^required variable (?<name>\w+) is missing a value(?:: (?<said>.*))?$/i,
    explain: ({ name = '', said }) => ['compose.variable-missing', { name, said: said || '–' }],
  },
  {
    message:
      /^Missing mandatory value for "[^"]*" option interpolating .*?\$\{(?<name>\w+)[:?].* in \S+ "[^"]*"(?:: (?<said>.*))?$/i,
    explain: ({ name = '', said }) => ['compose.variable-missing', { name, said: said || '–' }],
  },
  {
    message: /^(?:invalid interpolation format for \S.*|Invalid template: .*)$/i,
    explain: named('compose.interpolation'),
  },
  {
    message:
      /^(?:failed to read .+?: )?(?:line \d+: )?(?:unterminated quoted value .*|unexpected character .* in variable name .*)$|^failed to read \S*\.env\b.*$|^Python-dotenv could not parse statement starting at line \d+$/i,
    explain: named('compose.env-file-invalid'),
  },
  {
    message:
      /^(?:(?:failed to parse|parsing) .+?: )?yaml: (?:(?:unmarshal|construct) errors:.*|line (?<line>\d+)(?:, column \d+)?: .*)$|^yaml\.(?:parser|scanner|composer|reader)\.\w+Error: .*$/i,
    explain: ({ line }) => ['compose.yaml', { line: line === undefined ? '?' : Number(line) }],
  },
  {
    message: /^no such service: (?<name>.+)$/i,
    explain: ({ name = '' }) => ['compose.service-missing', { service: name }],
  },
  // The machine
  {
    message:
      /^(?:Bind for (?<bound>\S+) failed: port is already allocated|listen (?:tcp|udp)\d? (?<listened>\S+): bind: (?:address already in use|Only one usage of each socket address .*)|failed to bind host port(?: for)? (?<host>\S+?)(?::[\d.]+:\d+)?\/\w+: address already in use)$/i,
    explain: ({ bound, listened, host }, line) => [
      'compose.port-taken',
      { port: bound ?? listened ?? host ?? '?', line },
    ],
  },
  {
    // Docker Desktop says the same of every reason; what Windows adds may be in its own language.
    message:
      /^(?:ports are not available: exposing port \w+ (?<exposed>\S+) -> \S+: (?<why>.*)|listen (?:tcp|udp)\d? (?<listened>\S+): bind: (?<refused>An attempt was made to access a socket in a way forbidden by its access permissions\.?))$/i,
    explain: ({ exposed, listened, why = '', refused }, line) => {
      const port = exposed ?? listened ?? '?'
      if (
        refused !== undefined ||
        /: An attempt was made to access a socket in a way forbidden by its access permissions\.?$/i.test(`: ${why}`)
      )
        return ['compose.port-reserved', { port, line }]
      const isTaken = /: (?:address already in use|Only one usage of each socket address .*)$/i.test(`: ${why}`)
      return [isTaken ? 'compose.port-taken' : 'compose.port-unavailable', { port, line }]
    },
  },
  {
    message:
      /^(?:network (?<name>\S+) is ambiguous(?: \(.*\))?|\d+ matches found (?:based )?on name(?:: network (?<other>\S+) is ambiguous)?)$/i,
    explain: ({ name, other }) => ['compose.network-twice', { name: name ?? other ?? '' }],
  },
  {
    message: /^(?:could not find a network matching \S.*: )?network (?<name>\S+) not found$/i,
    explain: ({ name = '' }) => ['compose.network-gone', { name }],
  },
  {
    // Also of one that is listed while Docker makes it, and then fails to.
    message: /^No such container: (?<name>\S+)$/i,
    explain: ({ name = '' }) => ['compose.container-gone', { name: name.slice(0, 12) }],
  },
  {
    message:
      /^(?:Conflict\. )?The container name "\/?(?<name>[^"]+)" is already in use by container "?[0-9a-f]+"?(?:\. .*)?$/i,
    explain: ({ name = '' }) => ['compose.name-taken', { name }],
  },
  {
    message: /^failed to discover GPU vendor from CDI: no known GPU vendor found$/i,
    explain: named('compose.gpu-toolkit'),
  },
  {
    message:
      /^(?:could not select device driver "[^"]*" with capabilities: .*|unknown or invalid runtime name: nvidia|(?:CDI device injection failed: |OCI runtime create failed: )*unresolvable CDI devices .*|nvidia-container-cli: .*|OCI runtime create failed: (?:(?!exec: ").)*stderr: (?:Auto-detected mode as '\w+' )?nvidia-container-cli: .*)$/i,
    explain: named('compose.gpu'),
  },
  {
    message: /^(?:invalid mount config for type "\w+": )?bind source path does not exist: (?<source>.+)$/i,
    explain: ({ source = '' }) => ['compose.mount-missing', { source: source.trim() }],
  },
  {
    message:
      /^OCI runtime create failed: .*error mounting "(?<source>.*?)" to rootfs at .*$|^(?:.*: )?not a directory: unknown: Are you trying to mount a directory onto a file .*$/i,
    explain: ({ source }, line) => ['compose.mount-missing', { source: source ?? line }],
  },
  {
    message:
      /^(?:dependency failed to start: .*|Container "\w+" is unhealthy\.?|container \S+ is unhealthy|service "[^"]*" didn't complete successfully: .*)$/i,
    explain: named('compose.dependency'),
  },
  {
    message:
      /^(?:OCI runtime create failed: .*|exec: "[^"]*": (?:executable file not found in \S+|permission denied|no such file or directory)(?:: unknown)?|exec \S+: exec format error)$/i,
    explain: named('compose.command'),
  },
  // The image
  {
    message: /^(?:target \S+: )?(?:failed to solve: )?process ".*" did not complete successfully: .*$/i,
    explain: named('compose.build-failed'),
  },
  {
    message:
      /^(?:The command '.*' returned a non-zero code: \d+|Service '[^']*' failed to build\b.*|failed to build: .*)$/i,
    explain: named('compose.build-failed'),
  },
  {
    message:
      /^(?:pull access denied for \S+, repository does not exist or may require .*|manifest unknown(?:: .*)?|manifest for \S+ not found(?:: .*)?|no such image: \S+|unauthorized(?:: .*)?|denied: requested access to the resource is denied|repository \S+ not found: .*|no basic auth credentials|authentication required)$/i,
    explain: named('compose.image-missing'),
  },
  {
    of: 'registry',
    message:
      /^error getting credentials - err: exec: "(?<helper>docker-credential-[^"]+)": executable file not found in (?:\$PATH|%PATH%).*$/i,
    explain: ({ helper = '' }) => ['compose.credential-helper', { helper }],
  },
  {
    message:
      /^(?:DockerException: )?Credentials store error: StoreError\(['"](?<helper>docker-credential-\S+) not installed or not available in PATH['"]\)$/i,
    explain: ({ helper = '' }) => ['compose.credential-helper', { helper }],
  },
  {
    of: 'registry',
    message: /^(?:429 Too Many Requests\b.*|toomanyrequests: .*)$/i,
    explain: named('compose.rate-limit'),
  },
  {
    of: 'registry',
    message:
      /^(?:pull access denied, repository does not exist or may require authorization: .*|\S+: not found|unauthorized(?:: .*)?|denied(?:: .*)?)$/i,
    explain: named('compose.image-missing'),
  },
  {
    of: 'registry',
    message:
      /^(?:dial tcp.*|net\/http: .*|proxyconnect .*|read tcp .*|context deadline exceeded.*|EOF|tls: .*|x509: .*)$/i,
    explain: named('compose.network'),
  },
  { message: /^(?:target \S+: )?failed to solve: .*$/i, explain: named('compose.build-failed') },
  // Said by many programs, after words of their own.
  {
    message: /^(?:.*: )?(?:no space left on device|There is not enough space on the disk\.?)$/i,
    explain: named('compose.disk-full'),
  },
]

/** What Compose refuses in its files; it may name it over several lines. */
const refusals: readonly RegExp[] = [
  /^validating .+: .*$/i,
  /^services\.\S+ (?:must be|additional propert|contains|value).*$/i,
  /^\S+ additional propert(?:y|ies) .*$/i,
  /^(?:Unsupported config option for \S+: .*|The Compose file '.*' is invalid because:|Version ".*" in ".*" is (?:invalid|unsupported)\..*)$/i,
  /^service "[^"]*" (?:refers to|depends on) undefined \w+ .*$/i,
  /^service "[^"]*" has neither an image nor a build context specified.*$/i,
  /^'[^']*' does not match any of the regexes: .*$/,
]

/** What newer Compose files may hold, and the release since which Compose takes it. Compose 1 ended before all. */
const modern = new Map<string, readonly number[]>([
  ['name', [2, 0]],
  ['include', [2, 20]],
  ['models', [2, 38]],
  ['gpus', [2, 30]],
  ['develop', [2, 22]],
  ['provider', [2, 36]],
  ['annotations', [2, 16]],
  ['attach', [2, 20]],
  ['post_start', [2, 30]],
  ['pre_stop', [2, 30]],
  ['label_file', [2, 32]],
  ['use_api_socket', [2, 40]],
  ['required', [2, 20]],
  ['path', [2, 24]],
  ['pull_policy', [2, 0]],
  ['!reset', [2, 24]],
  ['!override', [2, 24]],
])

/** Which property a refusal is about, by each generation's words. */
const refused: readonly RegExp[] = [
  /^'(?<name>\w+)' does not match any of the regexes: '\^x-'$/,
  /^Unsupported config option for \S+: '(?<name>\w+)'$/,
  /^services\.\S+ contains unsupported option: '(?<name>\w+)'$/,
  /^services\.\S+ contains \{"(?<name>\w+)": .*\}, which is an invalid type, it should be a string$/,
  /^(?:validating .+: )?\S+ additional propert(?:y|ies) '?(?<name>\w+)'? (?:is )?not allowed$/i,
  /^yaml\.constructor\.ConstructorError: could not determine a constructor for the tag '(?<name>![a-z]+)'$/,
]

/** A file that is newer than the program; `null` when it is not that. */
function explainTooOld(messages: readonly string[], version: string | null): Reason | null {
  if (version === null) return null
  for (const message of messages)
    for (const pattern of refused) {
      const property = pattern.exec(message)?.groups?.['name']
      const since = modern.get(property ?? '')
      if (property !== undefined && since && isOlder(version, since))
        return reason('compose.too-old', { property, since: since.join('.'), version })
    }
  return null
}

/**
 * Names a failure by what was printed; `null` when it is none of the known ones. `version` is that of the Compose
 * program that printed it. The text must be redacted.
 */
export function explainFailure(output: string, version: string | null = null): Reason | null {
  const messages = messagesIn(output)
  for (const message of messages)
    for (const rule of rules) {
      const match = rule.message.exec(rule.of === 'registry' ? fromRegistry(message) : message)
      if (match) return withContext(rule.explain(match.groups ?? {}, message), output)
    }
  const tooOld = explainTooOld(messages, version)
  if (tooOld) return tooOld
  const isRefused = messages.some((message) => refusals.some((pattern) => pattern.test(message)))
  if (isRefused) return reason('compose.invalid', { output: lastLines(output, 4) })
  return messages.some((message) => message.startsWith('yaml.constructor.ConstructorError: '))
    ? reason('compose.yaml', { line: lastYamlLine(output), output: lastLines(output, 4) })
    : null
}

/** What stands on the lines around a message, where it takes more than one. */
function withContext([id, params]: [ProblemId, ProblemParams], output: string): Reason {
  switch (id) {
    case 'compose.yaml': {
      const line = params['line'] === '?' ? lastYamlLine(output) : (params['line'] ?? '?')
      return reason(id, { line, output: lastLines(output, 4) })
    }
    case 'compose.interpolation':
      return reason(id, { line: interpolated(output) || (params['line'] ?? '') })
    case 'compose.build-failed':
      return reason(id, { output: lastLines(output, 4) })
    default:
      return reason<ProblemId>(id, params)
  }
}

/** Compose 1 names the line under its message, `in "./compose.yaml", line 5, column 4`; the last is the fault. */
const lastYamlLine = (output: string): number | string =>
  Number([...output.matchAll(/, line (\d+), column/g)].at(-1)?.[1]) || '?'

/** Where the `$` stands: Compose 2 tells it over three lines, Compose 1 in one. */
function interpolated(output: string): string {
  const at = /invalid interpolation format for (?<place>\S+?)\.?\s*\n.*\n(?<text>.+)/i.exec(output)
  return at ? `${at.groups?.['place'] ?? ''}: ${(at.groups?.['text'] ?? '').trim()}` : ''
}
