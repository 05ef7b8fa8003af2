import { describe, expect, test } from 'vitest'
import { createLineReader } from '../../../../electron/compose/program/lines'
import { createProgressReader } from '../../../../electron/compose/program/progress'

/** Reads what a program printed; answers every step with its states in order. */
function follow(output: string) {
  const steps = new Map<string, string[]>()
  const progress = createProgressReader()
  const lines = createLineReader((line) => {
    const step = progress.read(line)
    if (step) steps.set(step.title, [...(steps.get(step.title) ?? []), `${step.state}: ${step.detail ?? ''}`])
  })
  // In pieces, as it arrives.
  for (let at = 0; at < output.length; at += 7) lines.push(output.slice(at, at + 7))
  lines.end()
  return Object.fromEntries(steps)
}

describe('the progress of Compose 2 (captured from 2.26.1)', () => {
  test('up makes networks and containers', () => {
    const output = ` Network comfyui-qwen_default  Creating
 Network comfyui-qwen_default  Created
 Container comfyui-qwen  Creating
 Container comfyui-qwen  Created
 Container comfyui-qwen  Starting
 Container comfyui-qwen  Started
`
    expect(follow(output)).toEqual({
      'Network comfyui-qwen_default': ['running: Creating', 'done: Created'],
      'Container comfyui-qwen': ['running: Creating', 'done: Created', 'running: Starting', 'done: Started'],
    })
  })

  test('a recreate, a container that runs already, and one that is unhealthy', () => {
    const output = ` Container qwen  Recreate
 Container qwen  Recreated
 Container other  Running
 Container sick  Waiting
 Container sick  Error
dependency failed to start: container sick is unhealthy
`
    expect(follow(output)).toEqual({
      'Container qwen': ['running: Recreate', 'done: Recreated'],
      'Container other': ['done: Running'],
      'Container sick': ['running: Waiting', 'failed: Error'],
    })
  })

  test('a pull is one step that counts its layers', () => {
    const output = ` web Pulling 
 4d7dd6a777a8 Pulling fs layer 
 9197d621b078 Pulling fs layer 
 4d7dd6a777a8 Downloading [=====>                                             ]  332.8kB/3.001MB
 4d7dd6a777a8 Download complete 
 4d7dd6a777a8 Pull complete 
 9197d621b078 Already exists 
 web Pulled 
`
    expect(follow(output)).toEqual({
      'Image web': [
        'running: Pulling',
        'running: 0/1 · Pulling fs layer',
        'running: 0/2 · Pulling fs layer',
        'running: 0/2 · Downloading 332.8kB/3.001MB',
        'running: 0/2 · Download complete',
        'running: 1/2 · Pull complete',
        'running: 2/2 · Already exists',
        'done: Pulled',
      ],
    })
  })

  test('a pull that fails tells why', () => {
    expect(
      follow(' nope Pulling \n nope Error manifest unknown\nError response from daemon: manifest unknown\n'),
    ).toEqual({
      'Image nope': ['running: Pulling', 'failed: Error manifest unknown'],
    })
  })

  test('down, and a warning of Compose that is no step', () => {
    const output = `time="2026-11-22T19:52:58Z" level=warning msg="compose.yaml: the attribute \`version\` is obsolete"
 Container qwen  Stopping
 Container qwen  Stopped
 Container qwen  Removing
 Container qwen  Removed
 Network q_default  Removing
 Network q_default  Removed
`
    expect(follow(output)).toEqual({
      'Container qwen': ['running: Stopping', 'done: Stopped', 'running: Removing', 'done: Removed'],
      'Network q_default': ['running: Removing', 'done: Removed'],
    })
  })
})

describe('the progress of a build', () => {
  test('by BuildKit: a step for each line of the Dockerfile, with what it prints', () => {
    const output = `#0 building with "default" instance using docker driver

#1 [web internal] load build definition from Dockerfile
#1 transferring dockerfile: 98B done
#1 DONE 0.0s

#4 [web 1/3] FROM docker.io/library/base:1
#4 CACHED

#5 [web 2/3] RUN make all
#5 0.312 compiling
#5 1.520 linking
#5 DONE 1.6s

#6 [web 3/3] RUN false
#6 ERROR: process "/bin/sh -c false" did not complete successfully: exit code: 1
`
    expect(follow(output)).toEqual({
      '[web 1/3] FROM docker.io/library/base:1': ['running: ', 'done: Cached'],
      '[web 2/3] RUN make all': ['running: ', 'running: compiling', 'running: linking', 'done: Done 1.6s'],
      '[web 3/3] RUN false': [
        'running: ',
        'failed: Error: process "/bin/sh -c false" did not complete successfully: exit code: 1',
      ],
    })
  })

  test('by the builder before', () => {
    const output =
      'Building web\nStep 1/2 : FROM base:1\n ---> 0123456789ab\nStep 2/2 : RUN make\n ---> Running in 89ab01234567\n' +
      'linking\n ---> ab0123456789\nSuccessfully built ab0123456789\n'
    expect(follow(output)).toEqual({
      '[1/2] FROM base:1': ['running: ', 'done: Done'],
      '[2/2] RUN make': ['running: ', 'done: Done', 'done: Done'],
    })
  })
})

describe('the progress of Compose 1 (captured from 1.29.2)', () => {
  test('up', () => {
    const output =
      'Creating network "q_default" with the default driver\nCreating volume "q_v1" with default driver\n' +
      'Creating comfyui-qwen ... \r\nCreating comfyui-qwen ... done\r\n'
    expect(follow(output)).toEqual({
      'Network q_default': ['done: Created'],
      'Volume q_v1': ['done: Created'],
      'Container comfyui-qwen': ['running: Creating', 'done: Created'],
    })
  })

  test('a container that is up to date, and a recreate that fails', () => {
    const output =
      'forge-turbo is up-to-date\nRecreating qwen ... \r\nHost is already in use by another container\n' +
      'Recreating qwen ... error\r\n\nERROR: for qwen  Cannot start service web: address already in use\n'
    expect(follow(output)).toEqual({
      'Container forge-turbo': ['done: Running'],
      'Container qwen': ['running: Recreating', 'failed: Recreating failed'],
    })
  })

  test('a pull', () => {
    const output =
      'Pulling web ... \r\nPulling web ... pulling fs layer\r\nPulling web ... downloading (11.1%)\r\nPulling web ... done\r\n'
    expect(follow(output)).toEqual({
      'Image web': ['running: Pulling', 'running: Pulling fs layer', 'running: Downloading (11.1%)', 'done: Pulled'],
    })
  })

  test('down, with names padded to one width', () => {
    const output =
      'Stopping q_other_1 ... \r\nStopping qwen      ... \r\nStopping qwen      ... done\r\nRemoving qwen      ... done\r\nRemoving network q_default\n'
    expect(follow(output)).toEqual({
      'Container q_other_1': ['running: Stopping'],
      'Container qwen': ['running: Stopping', 'done: Stopped', 'done: Removed'],
      'Network q_default': ['done: Removed'],
    })
  })
})
