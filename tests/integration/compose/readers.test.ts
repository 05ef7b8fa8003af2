import fc from 'fast-check'
import { readdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import * as z from 'zod'
import { flagsOf, holdsArguments, wordsOf } from '../../../electron/compose/files/arguments'
import { interpolate } from '../../../electron/compose/files/interpolation'
import { readConfig } from '../../../electron/compose/program/rendered'
import { realDisk } from '../../../electron/compose/files/disk'
import { noFacts } from '../../../electron/compose/lint/model'
import { readProject } from '../../../electron/compose/lint/project'
import { environmentOf, serviceFlags } from '../../../electron/compose/lint/service'
import { folder } from '../simulator/support'
import { composeConfig, programs } from './programs'

const [second] = programs.filter(({ generation }) => generation === 2)
const cases = 'tests/cases/compose'
const unescaped = (text: string) => text.replaceAll('$$', '$')
const none = new Map<string, string>()

const Rendered = z.object({
  command: z.array(z.string()).nullish(),
  entrypoint: z.array(z.string()).nullish(),
})

describe.runIf(second !== undefined)('against what Compose makes of the same files', () => {
  /** Those that are a project by themselves, and that Compose does not refuse. */
  const projects = readdirSync(cases).flatMap((name) => {
    const file = readdirSync(path.join(cases, name)).find((one) => /^(?:docker-)?compose\.ya?ml$/.test(one))
    return file === undefined || name === 'refused-env-file' ? [] : [[name, path.resolve(cases, name, file)] as const]
  })

  it.each(projects)('%s: variables and arguments', async (_, file) => {
    if (!second) return
    const config = composeConfig(second, path.dirname(file), { options: ['--profile', '*'] })
    expect(config.refused).toBeNull()
    const project = await readProject({ file }, { ...noFacts, localEngine: false, compose: 'plugin' }, realDisk)

    for (const service of project.services) {
      const rendered = Rendered.parse(config.services[service.name])
      const delivered = config.environmentOf(service.name)
      const own = environmentOf(service, project.variables).filter(({ written }) => written !== null)
      for (const { key, value } of own)
        expect([service.name, key, value]).toEqual([service.name, key, delivered.get(key)])
      if (service.isPartial) continue

      const items = [...(rendered.entrypoint ?? []), ...(rendered.command ?? [])].map(unescaped)
      const sources = [
        items.map((written) => ({ place: null, written, form: 'item' as const, hasVariables: false })),
        ...[...delivered].flatMap(([key, written]) =>
          holdsArguments(key) ? [[{ place: null, written, form: 'line' as const, hasVariables: false }]] : [],
        ),
      ]
      const wanted = sources.flatMap((one) => flagsOf(wordsOf(one, none)))
      const read = serviceFlags(service, project)
      const shown = (flags: readonly { name: string; value: { value: string } | null }[]) =>
        flags.map(({ name, value }) => [name, value?.value ?? null]).sort()
      expect([service.name, shown(read)]).toEqual([service.name, shown(wanted)])
    }
  })

  it('a command in one string is cut as Compose cuts it', () => {
    if (!second) return
    const piece = fc.constantFrom(
      ...[
        '--api',
        '--api-auth',
        'a:b',
        '=',
        ' ',
        '  ',
        '"',
        "'",
        '\\"',
        '\\\\',
        // Between double quotes too a backslash takes whatever stands behind it, as Compose's own splitter does.
        '\\a',
        "\\'",
        '\\ ',
        '"b\\n c"',
        'x y',
        '${A}',
        '$$',
        'é',
        '--port=1',
        ',',
        '#',
        '\t',
      ],
    )
    const lines = fc
      .sample(fc.array(piece, { minLength: 1, maxLength: 8 }), { numRuns: 300, seed: 20261129 })
      .map((pieces) => `run ${pieces.join('')}`)
      // Compose refuses a quote that is never closed, and a backslash at the end.
      .filter((line) => {
        const plain = line.replaceAll(/\\./g, '')
        return /^(?:[^"'\\]|"[^"\\]*"|'[^'\\]*')*$/.test(plain) && !/'[^']*\\/.test(line)
      })
    const variables = new Map([['A', 'two words']])
    const at = folder({ '.env': "A='two words'\n" })
    const services = Object.fromEntries(lines.map((command, index) => [`s${index}`, { image: 'x', command }]))
    writeFileSync(path.join(at, 'compose.yaml'), stringify({ services }))
    const config = composeConfig(second, at)

    expect(config.refused).toBeNull()
    expect(lines.length).toBeGreaterThan(80)
    lines.forEach((line, index) => {
      const cut = (Rendered.parse(config.services[`s${index}`]).command ?? []).map(unescaped)
      // As it is delivered: variables are filled in before the line is cut.
      const delivered = {
        place: null,
        written: interpolate(line, variables),
        form: 'line' as const,
        hasVariables: false,
      }
      expect([line, wordsOf([delivered], none).map(({ value }) => value)]).toEqual([line, cut])
    })
  })

  it('GPUs, in each way in which they are asked for', () => {
    if (!second) return
    const device = (more: object) => ({
      deploy: { resources: { reservations: { devices: [{ capabilities: ['gpu'], ...more }] } } },
    })
    const wanted: [settings: object, ids: string[]][] = [
      [{}, []],
      [device({ driver: 'nvidia' }), ['all']],
      [device({ count: 2 }), ['2']],
      [device({ count: 'all' }), ['all']],
      [device({ device_ids: ['0', 'GPU-1a2b'] }), ['0', 'GPU-1a2b']],
      [device({ driver: 'cdi', device_ids: ['nvidia.com/gpu=0'] }), ['nvidia.com/gpu=0']],
      [{ gpus: 'all' }, ['all']],
      [{ gpus: [{ driver: 'nvidia', device_ids: ['1'] }] }, ['1']],
      [{ gpus: [{ count: 1 }] }, ['1']],
      [{ devices: ['nvidia.com/gpu=0', '/dev/dri'] }, ['nvidia.com/gpu=0']],
      [{ runtime: 'nvidia', environment: { NVIDIA_VISIBLE_DEVICES: '0,1' } }, ['0', '1']],
      [{ runtime: 'nvidia', environment: ['NVIDIA_VISIBLE_DEVICES=void'] }, []],
    ]
    const services = Object.fromEntries(wanted.map(([settings], index) => [`s${index}`, { image: 'x', ...settings }]))
    const at = folder({ 'compose.yaml': stringify({ services }) })
    const config = composeConfig(second, at)

    expect(config.refused).toBeNull()
    const read = readConfig(JSON.stringify({ name: 'x', services: config.services }), 'x')
    wanted.forEach(([, ids], index) => expect([index, read.services[`s${index}`]?.gpuIds]).toEqual([index, ids]))
  })
})
