import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import * as z from 'zod'
import { excluded, type Asker } from './excluded'
import type { World } from './world'

const Report = z.object({
  operations: z.object({ selected: z.number(), tested: z.number() }),
  test_cases: z.object({ generated: z.number(), unique_failures: z.number(), errored: z.number() }),
  complete: z.boolean(),
})

/** What came of one asker's requests. */
export interface Outcome {
  asker: Asker
  operations: number
  requests: number
  findings: number
  seconds: number
  /** What schemathesis printed, for whoever mends a finding. */
  output: string
}

/** The settings and the hooks lie beside this file; it is loaded from the project's own folder. */
const here = path.resolve('tests/conformance/api')

/**
 * Lets schemathesis ask as one of them. `program` is its program, `reports` a folder. Findings are its failures, and each
 * operation that it could not ask. Throws where it did not come to its end.
 */
export async function askAs(asker: Asker, world: World, how: { program: string; reports: string }): Promise<Outcome> {
  const { panel, folder, ids, headers } = world
  const left = Object.keys(excluded[asker])
  const report = path.join(how.reports, `${asker}.json`)
  const config = path.join(how.reports, `${asker}.toml`)
  // Everybody on the machine may read a command line: the headers come from the environment, by name.
  const sent = Object.entries(headers[asker]).map(([name, value], n) => ({ name, value, variable: `FUZZ_HEADER_${n}` }))
  const table = sent.map(({ name, variable }) => `"${name}" = "\${${variable}}"`)
  const settings = await readFile(path.join(here, 'schemathesis.toml'), 'utf8')
  await writeFile(config, `${settings}\n[headers]\n${table.join('\n')}\n`)
  const began = performance.now()
  const child = spawn(
    how.program,
    [
      ...['--config-file', config, 'run', `${panel.url}/api/v1/openapi.json`],
      ...['--url', `${panel.url}/api/v1`, '--no-color', '--report', 'json', '--report-json-path', report],
      ...left.flatMap((operation) => ['--exclude-operation-id', operation]),
    ],
    {
      cwd: how.reports,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...process.env,
        PYTHONPATH: here,
        PYTHONDONTWRITEBYTECODE: '1',
        FUZZ_FOLDER: folder,
        FUZZ_IDS: JSON.stringify(ids),
        FUZZ_EXCLUDED: JSON.stringify(left),
        ...Object.fromEntries(sent.map(({ variable, value }) => [variable, value])),
      },
    },
  )
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text))
  await once(child, 'close')
  const text = await readFile(report, 'utf8').catch(() => null)
  if (text === null) throw new Error(`schemathesis ended without a report:\n${output}`)
  const { operations, test_cases: cases, complete } = Report.parse(JSON.parse(text))
  if (!complete) throw new Error(`schemathesis did not come to its end:\n${output}`)
  return {
    asker,
    operations: operations.tested,
    requests: cases.generated,
    findings: cases.unique_failures + cases.errored + (operations.selected - operations.tested),
    seconds: Math.round((performance.now() - began) / 1000),
    output,
  }
}
