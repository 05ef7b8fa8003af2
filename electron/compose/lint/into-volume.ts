import { isMap } from 'yaml'
import type { Mount } from './model'
import { fixIn, type FixDraft } from './rule'
import type { TextEdit } from './text'
import { entryOf, insertInto, removeEntry, replaceNode, valueOf, type YamlFile } from './yaml'

/** A scalar that needs no quotes. */
const plain = (text: string) => (/^[\w./${}:@-]+$/.test(text) ? text : JSON.stringify(text))

/** The mount written with the volume in place of the folder; null where its lines cannot be changed one by one. */
function mountEdits({ file, node, form, written, readOnly }: Mount, volume: string): (TextEdit | null)[] {
  if (form === 'short') {
    const text = [volume, written.target, ...(readOnly ? ['ro'] : [])].join(':')
    return [replaceNode(node, plain(text))]
  }
  const [type, source, bind] = ['type', 'source', 'bind'].map((key) => entryOf(file, node, key))
  if (!type?.value || !source?.value) return [null]
  return [
    replaceNode(type.value, 'volume'),
    replaceNode(source.value, volume),
    // What is said of a bind is refused of a volume.
    ...(bind ? [removeEntry(file, bind)] : []),
  ]
}

/** The volume named at the end of the file: one that Compose neither makes nor removes. */
function declaration(file: YamlFile, volume: string): TextEdit[] | null {
  if (!isMap(file.root)) return null
  const volumes = entryOf(file, file.root, 'volumes')
  if (volumes === null) return whole([insertInto(file, file.root, ['volumes:', `  ${volume}:`, '    external: true'])])
  if (!isMap(volumes.value)) return null
  if (valueOf(file, volumes.value, volume) !== null) return []
  return whole([insertInto(file, volumes.value, [`${volume}:`, '  external: true'])])
}

const whole = (edits: (TextEdit | null)[]): TextEdit[] | null => (edits.every((edit) => edit !== null) ? edits : null)

/** Mounts a volume that holds a verified copy in place of a folder. The folder and what lies in it stay as they are. */
export function intoVolume(mount: Mount, volume: string): FixDraft | null {
  const declared = declaration(mount.file, volume)
  if (declared === null) return null
  return fixIn(mount.file, [...mountEdits(mount, volume), ...declared], {
    problem: 'lint.fix-models-volume',
    params: { volume, source: mount.source },
    needs: 'recreate',
  })
}
