import { homedir } from 'node:os'
import path from 'node:path'
import { isMap, isScalar, stringify } from 'yaml'
import type { MountedPlace, Project } from '../model'
import { at, fixIn, type Draft, type FixDraft, type Rule } from '../rule'
import { lineEndOf, lineStart } from '../text'
import { insertInto, rangeOf, valueOf } from '../yaml'

/** Bind mounts whose source is not there, or is a folder that should be a file. */
export const missingSource: Rule = {
  id: 'missing-source',
  check: (project) =>
    project.mounts.flatMap((found): Draft[] => {
      const { mount, kind, place } = found
      if (place === null) return []
      const draft = {
        ...at(mount.file, mount.node),
        params: { source: mount.source },
        service: mount.service,
        key: `${mount.service}.${mount.target}`,
      }
      if (kind === 'folder' && meansFile(mount.target))
        return [{ ...draft, severity: 'danger', problem: 'lint.source-is-folder' }]
      if (kind !== 'missing') return []
      const isRefused =
        mount.form === 'long' && (mount.createHostPath === false || project.facts.compose === 'standalone')
      if (meansFile(mount.target))
        return isRefused
          ? [{ ...draft, severity: 'warning', problem: 'lint.source-refused-file' }]
          : [{ ...draft, severity: 'danger', problem: 'lint.source-missing-file', fixes: [refuseFix(found, project)] }]
      return [{ ...draft, severity: 'hint', problem: 'lint.source-missing-folder', fixes: [makeFix(found)] }]
    }),
}

/** A name with an extension, or one that is known as a file. */
const meansFile = (target: string) =>
  /\.[A-Za-z][A-Za-z0-9]{0,9}$/.test(path.posix.basename(target)) && !target.endsWith('.d')
    ? !/^\.[A-Za-z]+$/.test(path.posix.basename(target))
    : /^(?:PASSWORD|GUEST_MODE|Dockerfile|Caddyfile|\.env)$/.test(path.posix.basename(target))

/** Only below the project's folder and the home folder: elsewhere a folder may have to be another's. */
function makeFix({ mount, place }: MountedPlace): FixDraft | null {
  if (place === null) return null
  const inside = (folder: string) => {
    const relative = path.relative(folder, place)
    return relative !== '' && !relative.startsWith('..') && !path.isAbsolute(relative)
  }
  if (!inside(mount.file.baseFolder) && !inside(homedir())) return null
  return { problem: 'lint.fix-make-folder', changes: [], folders: [place], needs: 'none' }
}

const quoted = (text: string) => stringify(text, { lineWidth: 0 }).trimEnd()

/** The long form, which makes no folder; docker-compose 1 has no `create_host_path` and does without. */
function refuseFix({ mount }: MountedPlace, { facts }: Project): FixDraft | null {
  const fix = { problem: 'lint.fix-no-folder', needs: 'recreate' } as const
  const { file, node } = mount
  const text = file.source.text
  if (isMap(node)) {
    const bind = valueOf(file, node, 'bind')
    if (isMap(bind)) return fixIn(file, [insertInto(file, bind, ['create_host_path: false'])], fix)
    return bind ? null : fixIn(file, [insertInto(file, node, ['bind:', '  create_host_path: false'])], fix)
  }
  const { start } = rangeOf(node)
  const before = text.slice(lineStart(text, start), start)
  if (!isScalar(node) || mount.options.length > 0 || !/^ *- $/.test(before)) return null
  const lines = [
    'type: bind',
    `source: ${quoted(mount.written.source)}`,
    `target: ${quoted(mount.written.target)}`,
    ...(mount.readOnly ? ['read_only: true'] : []),
    ...(facts.compose === 'standalone' ? [] : ['bind:', '  create_host_path: false']),
  ]
  const indent = ' '.repeat(before.length)
  return fixIn(file, [{ ...rangeOf(node), text: lines.join(`${lineEndOf(text)}${indent}`) }], fix)
}
