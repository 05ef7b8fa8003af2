import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { explainFailure } from '../../../../electron/compose/program/failures'

/** Real messages with places for what users name, each with what it is called. */
const templates: { problem: string; message: (name: string) => string }[] = [
  { problem: 'compose.service-missing', message: (name) => `no such service: ${name}` },
  { problem: 'compose.file-missing', message: (name) => `open /srv/${name}: no such file or directory` },
  {
    problem: 'compose.env-file-missing',
    message: (name) => `env file /srv/${name} not found: stat /srv/${name}: no such file or directory`,
  },
  {
    problem: 'compose.mount-missing',
    message: (name) =>
      `Error response from daemon: invalid mount config for type "bind": bind source path does not exist: /srv/${name}`,
  },
  {
    problem: 'compose.command',
    message: (name) =>
      `Error response from daemon: failed to create task for container: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: exec: "${name}": executable file not found in $PATH: unknown`,
  },
  {
    problem: 'compose.build-failed',
    message: (name) =>
      `#7 [2/2] RUN ${name}\n#7 0.2 ${name}\n------\n > [2/2] RUN ${name}:\n0.2 ${name}\n------\nfailed to solve: process "/bin/sh -c ${name}" did not complete successfully: exit code: 1`,
  },
  { problem: 'compose.dependency', message: (name) => `dependency failed to start: container ${name} is unhealthy` },
  {
    problem: 'compose.variable-missing',
    message: (name) =>
      `error while interpolating services.web.environment.A: required variable A is missing a value: ${name}`,
  },
  {
    problem: 'compose.invalid',
    message: (name) => `validating /srv/${name}/compose.yaml: services.web Additional property imagee is not allowed`,
  },
]

/** Words by which other failures are known. */
const fragments = [
  'toomanyrequests',
  'toomanyrequests: You have reached your pull rate limit',
  'no space left on device',
  'port is already allocated',
  'forbidden by its access permissions',
  'pull access denied',
  'unauthorized',
  'manifest unknown',
  'dial tcp',
  'connection refused',
  'permission denied',
  'Cannot connect to the Docker daemon',
  'nvidia-container-cli',
  'no known GPU vendor found',
  'docker-credential-desktop.exe',
  "KeyError: 'ContainerConfig'",
  'no service selected',
  'is unhealthy',
  'network x not found',
]

describe('the words of one failure inside another', () => {
  const fragment = fc.constantFrom(...fragments)
  const around = fc.constantFrom('', 'a', 'my-', 'x.', 'tool ')
  const name = fc.tuple(around, fragment, around).map((parts) => parts.join(''))

  test.each(templates)('$problem stays what it is', ({ problem, message }) => {
    fc.assert(
      fc.property(name, (text) => {
        expect(explainFailure(message(text))?.problem).toBe(problem)
      }),
      { numRuns: 300 },
    )
  })

  test('the same before the last message, as steps, warnings and logs print them', () => {
    fc.assert(
      fc.property(fc.array(name, { maxLength: 6 }), fc.constantFrom(...templates), (before, { problem, message }) => {
        const noise = before.map(
          (text) => `#12 1.5 ${text}\ntime="2026-11-29T10:00:00Z" level=warning msg="${text.replaceAll('"', '')}"`,
        )
        expect(explainFailure([...noise, message('plain')].join('\n'))?.problem).toBe(problem)
      }),
    )
  })

  test('text that is no message is none of them', () => {
    fc.assert(
      fc.property(name, fc.constantFrom('saw ', 'in image ', 'web-1  | ', '[error] '), (text, lead) => {
        expect(explainFailure(`${lead}${text} and went on`)).toBeNull()
      }),
      { numRuns: 300 },
    )
  })

  test('is read in time that grows with its length', () => {
    const parts = fc.constantFrom(
      'failed to solve: ',
      'Get "',
      '": ',
      'a: ',
      ': ',
      '"',
      'exec: ',
      'OCI runtime create failed: ',
    )
    fc.assert(
      fc.property(fc.array(parts, { minLength: 500, maxLength: 2000 }), (text) => {
        const began = performance.now()
        explainFailure(text.join(''))
        expect(performance.now() - began).toBeLessThan(5_000)
      }),
      { numRuns: 30 },
    )
  })
})

describe('failures of the field, whole', () => {
  test.each([
    [
      'compose.credential-helper',
      { helper: 'docker-credential-desktop.exe' },
      'error getting credentials - err: exec: "docker-credential-desktop.exe": executable file not found in $PATH, out: ``',
    ],
    [
      'compose.credential-helper',
      { helper: 'docker-credential-desktop' },
      'failed to solve: node:18: failed to resolve source metadata for docker.io/library/node:18: error getting credentials - err: exec: "docker-credential-desktop": executable file not found in $PATH, out: ``',
    ],
    [
      'compose.credential-helper',
      { helper: 'docker-credential-desktop.exe' },
      "docker.errors.DockerException: Credentials store error: StoreError('docker-credential-desktop.exe not installed or not available in PATH')",
    ],
    [
      'compose.port-reserved',
      { port: '0.0.0.0:8188' },
      'Error response from daemon: Ports are not available: exposing port TCP 0.0.0.0:8188 -> 0.0.0.0:0: listen tcp 0.0.0.0:8188: bind: An attempt was made to access a socket in a way forbidden by its access permissions.',
    ],
    [
      'compose.port-taken',
      { port: '0.0.0.0:8188' },
      'Error response from daemon: Ports are not available: exposing port TCP 0.0.0.0:8188 -> 0.0.0.0:0: listen tcp 0.0.0.0:8188: bind: Only one usage of each socket address (protocol/network address/port) is normally permitted.',
    ],
    [
      'compose.port-unavailable',
      { port: '0.0.0.0:8188' },
      'Error response from daemon: Ports are not available: exposing port TCP 0.0.0.0:8188 -> 0.0.0.0:0: listen tcp 0.0.0.0:8188: bind: Der Zugriff auf einen Socket war aufgrund der Zugriffsrechte des Sockets unzulässig.',
    ],
    [
      'compose.port-taken',
      { port: '0.0.0.0:8188' },
      'Error response from daemon: failed to set up container networking: driver failed programming external connectivity on endpoint web-1 (6ea7): failed to bind host port for 0.0.0.0:8188:172.18.0.2:8188/tcp: address already in use',
    ],
    [
      'compose.rate-limit',
      {},
      'Error response from daemon: toomanyrequests: You have reached your unauthenticated pull rate limit. https://www.docker.com/increase-rate-limit',
    ],
    [
      'compose.rate-limit',
      {},
      'failed to solve: node:18: failed to resolve source metadata for docker.io/library/node:18: failed to copy: httpReadSeeker: failed open: unexpected status code https://registry.example/v2/node/manifests/sha256:ab: 429 Too Many Requests - Server message: toomanyrequests: You have reached your pull rate limit.',
    ],
    [
      'compose.gpu-toolkit',
      {},
      'Error response from daemon: failed to discover GPU vendor from CDI: no known GPU vendor found',
    ],
    ['compose.profiles-needed', {}, 'no service selected'],
    [
      'compose.container-config',
      {},
      "ERROR: for web  'ContainerConfig'\nTraceback (most recent call last):\n  File \"x.py\", line 3, in run\nKeyError: 'ContainerConfig'",
    ],
  ] as const)('%s %j', (problem, params, output) => {
    expect(explainFailure(output)).toMatchObject({ problem, params })
  })

  // Printed by 1.29.2 and 2.26.1.
  test.each([
    [
      '1.29.2',
      'gpus',
      "The Compose file './compose.yaml' is invalid because:\nUnsupported config option for services.web: 'gpus'",
    ],
    [
      '1.29.2',
      'include',
      "The Compose file './compose.yaml' is invalid because:\n'include' does not match any of the regexes: '^x-'\n\nYou might be seeing this error because you're using the wrong Compose file version. Either specify a supported version (e.g \"2.2\" or \"3.3\") and place your service definitions under the `services` key, or omit the `version` key and place your service definitions at the root of the file to use version 1.\nFor more on the Compose file format versions, see https://docs.docker.com/compose/compose-file/",
    ],
    [
      '1.29.2',
      'path',
      'The Compose file \'./compose.yaml\' is invalid because:\nservices.web.env_file contains {"path": "a.env", "required": false}, which is an invalid type, it should be a string',
    ],
    [
      '1.29.2',
      'required',
      "The Compose file './compose.yaml' is invalid because:\nservices.web.depends_on contains unsupported option: 'required'",
    ],
    [
      '1.29.2',
      '!reset',
      'yaml.constructor.ConstructorError: could not determine a constructor for the tag \'!reset\'\n  in "./compose.yaml", line 4, column 12',
    ],
    ['2.26.1', 'models', 'validating /srv/compose.yaml: (root) Additional property models is not allowed'],
    ['2.26.1', 'provider', 'validating /srv/compose.yaml: services.web Additional property provider is not allowed'],
  ])('Compose %s given a file with “%s” is too old for it', (version, property, output) => {
    expect(explainFailure(output, version)).toMatchObject({ problem: 'compose.too-old', params: { property, version } })
    // A program that knows the word has another complaint.
    expect(explainFailure(output, '9.0.0')?.problem).not.toBe('compose.too-old')
  })

  test('a misspelt word is no newer one', () => {
    const output = 'validating /srv/compose.yaml: services.web Additional property constructor is not allowed'
    expect(explainFailure(output, '2.26.1')?.problem).toBe('compose.invalid')
  })
})
