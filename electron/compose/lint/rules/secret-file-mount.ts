import path from 'node:path'
import { isScalar } from 'yaml'
import type { MountedPlace, Project } from '../model'
import { isSecretFile } from '../project'
import { at, fixIn, type Draft, type FixDraft, type Rule } from '../rule'
import { entryOf, plainContentOf, replaceNode } from '../yaml'

/** Secret files that are mounted by themselves: the container keeps the old inode. */
export const secretFileMount: Rule = {
  id: 'secret-file-mount',
  check: (project) =>
    project.mounts.flatMap((found): Draft[] => {
      const { mount, kind, place } = found
      if (kind === 'folder' || !(isSecretFile(mount.target) || (place !== null && isSecretFile(place)))) return []
      return [
        {
          ...at(mount.file, mount.node),
          severity: 'warning',
          problem: 'lint.secret-file-mount',
          params: { source: mount.source },
          service: mount.service,
          key: `${mount.service}.${mount.target}`,
          fixes: [folderFix(found, project)],
        },
      ]
    }),
}

const folderOf = (text: string) => text.slice(0, Math.max(text.lastIndexOf('/'), text.lastIndexOf('\\')))

/**
 * The folder in place of the file: only where that shows the container nothing else, and hides nothing in it: the
 * folder holds this file alone, both folders have one name, and nothing else is mounted there.
 */
function folderFix({ mount, neighbours, place }: MountedPlace, project: Project): FixDraft | null {
  if (place === null || neighbours?.length !== 1) return null
  const target = folderOf(mount.written.target)
  const source = folderOf(mount.written.source)
  const sameName = path.posix.basename(target) === path.basename(path.dirname(place))
  const sameFile = path.posix.basename(mount.target) === path.basename(place)
  const others = project.mounts.filter((other) => other.mount.service === mount.service && other.mount !== mount)
  const isFree = others.every((other) => other.mount.target !== target && !other.mount.target.startsWith(`${target}/`))
  if (!sameName || !sameFile || !isFree || source === '' || target === '') return null
  const fix = { problem: 'lint.fix-mount-folder', params: { folder: source }, needs: 'recreate' } as const
  if (mount.form === 'long') {
    const edits = [
      [mount.written.source, source],
      [mount.written.target, target],
    ].map(([before = '', after = '']) => {
      const entry = ['source', 'src', 'target', 'dst', 'destination']
        .map((key) => entryOf(mount.file, mount.node, key))
        .find((found) => isScalar(found?.value) && found.value.value === before)
      const content = isScalar(entry?.value) ? plainContentOf(mount.file, entry.value) : null
      return content && { start: content.start, end: content.end, text: after }
    })
    return fixIn(mount.file, edits, fix)
  }
  const content = isScalar(mount.node) ? plainContentOf(mount.file, mount.node) : null
  if (content === null) return null
  const rest = content.text.slice(mount.written.source.length + 1 + mount.written.target.length)
  const text = `${source}:${target}${rest}`
  return fixIn(mount.file, [{ ...replaceNode(mount.node, text), start: content.start, end: content.end }], fix)
}
