import { describe, expect, test } from 'vitest'
import { explainFailure } from '../../../../electron/compose/program/failures'
import { lastLines } from '../../../../electron/compose/program/messages'

const warning =
  'time="2026-11-22T19:52:57Z" level=warning msg="/p/port.yaml: the attribute `version` is obsolete, it will be ignored"\n'

describe('what a failure of Compose is called (texts captured from 2.26.1 and 1.29.2, or from the reference)', () => {
  test.each([
    [
      'compose.engine-unreachable',
      'Cannot connect to the Docker daemon at unix:///tmp/nothing.sock. Is the docker daemon running?',
    ],
    [
      'compose.engine-unreachable',
      'failed to connect to the docker API at unix:///var/run/docker.sock; check if the path is correct and if the daemon is running: dial unix /var/run/docker.sock: connect: no such file or directory',
    ],
    [
      'compose.engine-unreachable',
      'error during connect: this error may indicate that the docker daemon is not running: Get "http://%2F%2F.%2Fpipe%2Fdocker_engine/v1.50/info": open //./pipe/docker_engine: Das System kann die angegebene Datei nicht finden.',
    ],
    [
      'compose.engine-unreachable',
      "Traceback (most recent call last):\n  File \"/usr/bin/docker-compose\", line 33, in <module>\ndocker.errors.DockerException: Error while fetching server API version: ('Connection aborted.', FileNotFoundError(2, 'No such file or directory'))",
    ],
    [
      'compose.engine-refused',
      'permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock: Get "http://%2Fvar%2Frun%2Fdocker.sock/v1.50/containers/json": dial unix /var/run/docker.sock: connect: permission denied',
    ],
    [
      'compose.engine-refused',
      "docker.errors.DockerException: Error while fetching server API version: ('Connection aborted.', PermissionError(13, 'Permission denied'))",
    ],
    [
      'compose.engine-version',
      'Error response from daemon: client version 1.43 is too old. Minimum supported API version is 1.44, please upgrade your client to a newer version',
    ],
    ['compose.file-missing', 'no configuration file provided: not found'],
    ['compose.file-missing', 'open /p/none.yaml: no such file or directory'],
    ['compose.file-missing', ".FileNotFoundError: [Errno 2] No such file or directory: './none.yaml'"],
    [
      'compose.env-file-missing',
      `${warning}env file /p/missing.env not found: stat /p/missing.env: no such file or directory`,
    ],
    ['compose.env-file-missing', "Couldn't find env file: /p/missing.env"],
    [
      'compose.variable-missing',
      'error while interpolating services.web.environment.A: required variable MUST is missing a value: must be set',
    ],
    [
      'compose.variable-missing',
      'Missing mandatory value for "environment" option interpolating {\'A\': \'${MUST:?must be set}\'} in service "web": must be set',
    ],
    [
      'compose.interpolation',
      'invalid interpolation format for services.web.environment.A.\nYou may need to escape any $ with another $.\n${2}',
    ],
    ['compose.interpolation', 'Invalid interpolation format for "environment" option in service "web": "${2}"'],
    ['compose.yaml', 'yaml: line 2: did not find expected key'],
    [
      'compose.yaml',
      'yaml.parser.ParserError: while parsing a block mapping\n  in "./bad.yaml", line 3, column 3\nexpected <block end>, but found \'<block mapping start>\'\n  in "./bad.yaml", line 5, column 4',
    ],
    ['compose.invalid', 'validating /p/schema.yaml: services.web Additional property imagee is not allowed'],
    [
      'compose.invalid',
      "The Compose file './schema.yaml' is invalid because:\nUnsupported config option for services.web: 'imagee'",
    ],
    ['compose.service-missing', 'no such service: nosuch'],
    ['compose.service-missing', 'No such service: nosuch'],
    [
      'compose.port-taken',
      `${warning} Container h2-web-1  Starting\nError response from daemon: driver failed programming external connectivity on endpoint h2-web-1 (6ea7): Error starting userland proxy: listen tcp4 127.0.0.1:18199: bind: address already in use`,
    ],
    [
      'compose.port-taken',
      'ERROR: for web  Cannot start service web: driver failed programming external connectivity on endpoint h2_web_1 (7276): Bind for 127.0.0.1:18199 failed: port is already allocated',
    ],
    [
      'compose.port-reserved',
      'Error response from daemon: Ports are not available: exposing port TCP 0.0.0.0:8188 -> 0.0.0.0:0: listen tcp 0.0.0.0:8188: bind: An attempt was made to access a socket in a way forbidden by its access permissions.',
    ],
    [
      'compose.name-taken',
      'Error response from daemon: Conflict. The container name "/comfyui-qwen" is already in use by container "0ebb". You have to remove (or rename) that container to be able to reuse that name.',
    ],
    [
      'compose.network-twice',
      'Error response from daemon: network h2cap_default is ambiguous (2 matches found on name)',
    ],
    [
      'compose.container-gone',
      ' Container web-1  Starting\nError response from daemon: No such container: f9649d7e0ec83080875476d6b910846db7a3f0318f171f64e6bda4b183da8fea',
    ],
    [
      'compose.mount-missing',
      'Error response from daemon: invalid mount config for type "bind": bind source path does not exist: /p/nowhere',
    ],
    ['compose.gpu', 'Error response from daemon: could not select device driver "nvidia" with capabilities: [[gpu]]'],
    ['compose.dependency', 'dependency failed to start: container h2-sick-1 is unhealthy'],
    [
      'compose.dependency',
      'ERROR: for web  Container "76d92d323430" is unhealthy.\nEncountered errors while bringing up the project.',
    ],
    ['compose.image-missing', ' nope Error manifest unknown\nError response from daemon: manifest unknown'],
    [
      'compose.image-missing',
      "pull access denied for x, repository does not exist or may require 'docker login': denied: requested access to the resource is denied",
    ],
    ['compose.image-missing', 'ERROR: for denied  unauthorized\nunauthorized'],
    [
      'compose.network',
      'Get "https://registry-1.docker.io/v2/": dial tcp: lookup registry-1.docker.io on 10.0.0.1:53: no such host',
    ],
    ['compose.disk-full', 'failed to register layer: write /usr/lib/x: no space left on device'],
    [
      'compose.command',
      'ERROR: for web  Cannot start service web: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: exec: "/f1": permission denied: unknown',
    ],
  ])('%s', (problem, output) => {
    expect(explainFailure(output)?.problem).toBe(problem)
  })

  test.each([
    ['yaml: line 2: did not find expected key', { line: 2 }],
    ['yaml.scanner.ScannerError: mapping values are not allowed here\n  in "./c.yaml", line 7, column 12', { line: 7 }],
    ['listen tcp4 127.0.0.1:8188: bind: address already in use', { port: '127.0.0.1:8188' }],
    ['Bind for 0.0.0.0:8188 failed: port is already allocated', { port: '0.0.0.0:8188' }],
    [
      'Ports are not available: exposing port TCP 0.0.0.0:8188 -> 0.0.0.0:0: An attempt was made to access a socket in a way forbidden by its access permissions',
      { port: '0.0.0.0:8188' },
    ],
    ['bind source path does not exist: /p/no where', { source: '/p/no where' }],
    ['required variable MUST is missing a value: must be set', { name: 'MUST', said: 'must be set' }],
    [
      "interpolating {'A': '${MUST:?must be set}'} in service \"web\": must be set".replace(
        /^/,
        'Missing mandatory value for "environment" option ',
      ),
      { name: 'MUST' },
    ],
    [
      'invalid interpolation format for services.web.environment.A.\nYou may need to escape any $ with another $.\n${2}',
      { line: 'services.web.environment.A: ${2}' },
    ],
    ['The container name "/comfyui-qwen" is already in use by container "0ebb"', { name: 'comfyui-qwen' }],
  ])('%s: with its particulars', (output, params) => {
    expect(explainFailure(output)?.params).toMatchObject(params)
  })

  test('what is not known is none of them', () => {
    expect(explainFailure('something else went wrong')).toBeNull()
  })

  test('the last words leave out warnings, call stacks and repetitions', () => {
    const output = `${warning}Traceback (most recent call last):\n  File "/x.py", line 3, in run\n    raise\n    ^^^^^\nfirst\nsecond\nsecond\n`
    expect(lastLines(output)).toBe('raise\nfirst\nsecond')
  })
})
