import { spawnSync } from 'node:child_process'

/** A package at a version, as a resolver prints it. */
interface Pinned {
  name: string
  version: string
}

const usualName = (name: string): string => name.replace(/[-_.]+/g, '-').toLowerCase()

/** Reads lines such as `numpy==2.5.5`; comments, markers and extras are passed over. */
export const pinsIn = (text: string): Pinned[] =>
  text.split('\n').flatMap((line) => {
    const [, name, version] = /^\s*([A-Za-z0-9._-]+)(?:\[[^\]]*\])?\s*==\s*([^\s;#]+)/.exec(line) ?? []
    return name === undefined || version === undefined ? [] : [{ name: usualName(name), version }]
  })

/** PyTorch and what comes with it from its own index: the build decides. */
export const isTorchs = (name: string): boolean => /^(?:torch|torchvision|triton|nvidia-.*|cuda-.*)$/.test(name)

type Resolved = { pins: Pinned[] } | { conflict: string }

const target = ['--python-version', '3.13', '--python-platform', 'x86_64-manylinux_2_28']

/** Resolves requirements for the Python of the stacks, within constraints; downloads what describes packages only. */
export function resolve(uv: string, requirements: readonly string[], constraints: string, index?: string): Resolved {
  const args = [
    'pip',
    'compile',
    '--quiet',
    '--no-header',
    '--no-annotate',
    ...target,
    '--constraint',
    constraints,
    '-',
  ]
  // The packages of an index of PyTorch's have its name after a plus; others still come from the usual place.
  const more = index === undefined ? [] : ['--extra-index-url', index, '--index-strategy', 'unsafe-best-match']
  const { status, stdout, stderr } = spawnSync(uv, [...args, ...more], {
    input: requirements.join('\n'),
    encoding: 'utf8',
    timeout: 300_000,
  })
  return status === 0 ? { pins: pinsIn(stdout) } : { conflict: stderr.trim() || `uv ended with ${status}` }
}
