import path from 'node:path'
import type { Disk } from '../../../../electron/compose/files/disk'
import { findingsIn, type Finding } from '../../../../electron/compose/lint/findings'
import { noFacts, type LintFacts, type Project } from '../../../../electron/compose/lint/model'
import { readProject } from '../../../../electron/compose/lint/project'

export const folder = path.resolve('/project/services/comfyui-qwen')

export const place = (name: string) => path.resolve(folder, name)

/** A disk of texts; a name that ends in `/` is an empty folder. */
export function memoryDisk(files: Record<string, string | Buffer>): Disk {
  const contents = new Map(
    Object.entries(files).flatMap(([name, text]) =>
      name.endsWith('/') ? [] : [[place(name), Buffer.from(text)] as const],
    ),
  )
  const folders = new Set(
    Object.keys(files).map((name) => (name.endsWith('/') ? place(name) : path.dirname(place(name)))),
  )
  return {
    read: (file) => Promise.resolve(contents.get(file) ?? null),
    look: (at) => Promise.resolve(contents.has(at) ? 'file' : folders.has(at) ? 'folder' : 'missing'),
    list: (at) =>
      Promise.resolve(
        [...contents.keys()].filter((file) => path.dirname(file) === at).map((file) => path.basename(file)),
      ),
  }
}

export const projectOf = (files: Record<string, string | Buffer>, facts: Partial<LintFacts> = {}): Promise<Project> =>
  readProject({ file: place('compose.yaml') }, { ...noFacts, ...facts }, memoryDisk(files))

export const lintOf = async (
  files: Record<string, string | Buffer>,
  facts: Partial<LintFacts> = {},
): Promise<Finding[]> => findingsIn(await projectOf(files, facts))

/** `rule@line` of every finding of these rules, or of all. */
export const placesOf = (findings: readonly Finding[], ...rules: string[]): string[] =>
  findings
    .filter(({ rule }) => rules.length === 0 || rules.includes(rule))
    .map(({ problem, source, line }) => `${problem} ${source.name}:${line}`)

/** A service without any finding, to which a test adds what it is about. */
export const quiet = (lines: string): string => `services:
  a:
    image: example/a:1.2
    restart: unless-stopped
    security_opt: ['no-new-privileges:true']
    logging: { driver: json-file, options: { max-size: 10m } }
    healthcheck: { test: [CMD, check] }
${lines
  .split('\n')
  .map((line) => (line === '' ? '' : `    ${line}`))
  .join('\n')}
`
