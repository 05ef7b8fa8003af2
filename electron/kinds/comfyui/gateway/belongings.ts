import * as z from 'zod'
import type { GatewayOwners, Visitor } from '../../gateway'
import { memberOf, membersOf } from '../../gateway/spans'
import { parseJson } from '../../json'

/** A file as ComfyUI names it. */
export interface FileName {
  type: string
  subfolder: string
  filename: string
}

const annotations = ['output', 'input', 'temp'] as const

/** Whether a text names the folder itself, as `a.png [temp]` does in `LoadImage` and in `/view`. */
export const isAnnotated = (text: string): boolean => annotations.some((type) => text.endsWith(`[${type}]`))

/**
 * The file that such a text means; any other text means itself. Null where no blank stands before the bracket: ComfyUI cuts
 * one character there, whatever it is, and people mean another file.
 */
export function annotatedFile(file: FileName): FileName | null {
  const { filename } = file
  const type = annotations.find((one) => filename.endsWith(`[${one}]`))
  if (type === undefined) return file
  const bare = filename.slice(0, -` [${type}]`.length)
  return filename === `${bare} [${type}]` && !isAnnotated(bare) ? { ...file, type, filename: bare } : null
}

const partsIn = (text: string) => text.split(/[\\/]/).filter((part) => part !== '' && part !== '.')

/** The names on the way to a file; null for a way that leads out of its folder. */
function partsOf({ subfolder, filename }: FileName): string[] | null {
  const parts = partsIn(`${subfolder}/${filename}`)
  return parts.length === 0 || parts.includes('..') ? null : parts
}

/** A whole path, on this system or Windows; `\\(` is how prompts write a bracket. `C:a.png` lies wherever the program is. */
const whole = /^(?:\/|\\(?![()])|[a-z]:\S)/i

/**
 * Whether a text leads out of the folder that it begins in, or may: half a character stands for a byte of a name in Python,
 * whatever that makes of it.
 */
export const leadsOut = (text: string): boolean =>
  whole.test(text) || text.split(/[\\/]/).includes('..') || /\p{Surrogate}/u.test(text)

/** Longer paths, and longer names, has no system: such texts are prompts. */
const longest = { path: 32_767, name: 255 }

/** Whether a text cannot be a path of any file. A prompt of some lines can. */
export const isNoPath = (text: string): boolean =>
  text.length > longest.path || text.split(/[\\/]/).some((part) => part.length > longest.name)

/**
 * The one name under which a file lies, `type/folders/name`, as the service wrote it: nothing in it is an annotation. Null
 * for a name that leads out of its folder.
 */
function fileKey(file: FileName): string | null {
  const parts = partsOf(file)
  return parts && [file.type, ...parts].join('/')
}

/** One spelling for all that some system takes for the same: case, composition, characters that nobody sees. */
const folded = (part: string) =>
  part
    .normalize('NFKD')
    .replaceAll(/\p{Default_Ignorable_Code_Point}/gu, '')
    .toUpperCase()
    .toLowerCase()
    .normalize('NFKD')
    .replace(/:.*$/s, '')
    .replace(/[. ]+$/, '')

/**
 * What stands for all names by which a file may be had on some system: Windows folds cases, drops dots and blanks at the
 * end, and reads a stream behind a colon.
 */
function foldedKey(file: FileName): string | null {
  const parts = partsOf(file)?.map(folded)
  return parts ? ['folded', file.type, ...parts].join('/') : null
}

/** A name as Windows makes it up beside a long one (`LONGNA~1.PNG`): whose file that is, is not to be seen. */
const isShortName = (part: string) => /^[^.\s]{1,6}~\d{1,6}(?:\.[^.\s]{0,3})?$/.test(part)

const Output = z.object({
  filename: z.string().min(1).max(1_000),
  subfolder: z.string().max(1_000).catch(''),
  type: z.string().max(20).catch('output'),
})

const valuesIn = (value: unknown): unknown[] =>
  typeof value === 'object' && value !== null ? Object.values(value) : []

const entriesIn = (value: unknown): [string, unknown][] =>
  typeof value === 'object' && value !== null ? Object.entries(value) : []

/**
 * Under these names nodes list what they have written. Under others some repeat what the graph says (`result` of
 * `Preview3D`): whoever writes a graph could name any file there.
 */
const madeKinds = /^(?:(?:\w+_)?images|gifs|audio|videos?|3d|latents|files|compositor_layers)$/

/** Of one person, a file that may be several people's: who asks for the same picture gets the same file. */
const ofPerson = (account: string, key: string) => `${account}:${key}`

/** Whose prompts and files are whose on one ComfyUI. */
export interface Belongings {
  /** Notes a prompt; false where it is somebody else's. */
  notePrompt: (id: string, visitor: Visitor) => boolean
  /** Who has a prompt; null: nobody. */
  ofPrompt: (id: string) => string | null
  owns: (visitor: Visitor, promptId: string | null) => boolean
  noteFile: (file: FileName, who: Pick<Visitor, 'account' | 'keyId'>) => void
  ownsFile: (visitor: Visitor, file: FileName) => boolean
  /** Whether it is known to be somebody's, and not this person's. */
  isOthersFile: (visitor: Visitor, file: FileName) => boolean
  /** Whether somebody else's files lie in a folder of inputs or outputs, however deep. */
  holdsOthersFiles: (visitor: Visitor, folder: string) => boolean
  /** Notes the files in a prompt's outputs (`{node: {images: [{filename, …}]}}`) as those of whoever has the prompt. */
  noteOutputs: (promptId: string, outputs: unknown) => void
  /** The same for an entry of the history, once. */
  noteEntry: (promptId: string, entry: string) => void
  /** Whether that was done lately. */
  isRead: (promptId: string) => boolean
}

/** Ids that were looked up are remembered; each socket asks for each of its messages. */
const mostRemembered = 5_000

/** Looks up who has a prompt, and remembers it. */
function createPromptLook(owners: GatewayOwners) {
  const known = new Map<string, string>()
  return (id: string): string | null => {
    const account = known.get(id) ?? owners.of('prompt', id)?.account ?? null
    if (account === null || known.has(id)) return account
    if (known.size >= mostRemembered) known.clear()
    known.set(id, account)
    return account
  }
}

export function createBelongings(owners: GatewayOwners): Belongings {
  const read = new Set<string>()
  const ofPrompt = createPromptLook(owners)

  const noteFile = (file: FileName, who: Pick<Visitor, 'account' | 'keyId'>) => {
    const [key, everywhere] = [fileKey(file), foldedKey(file)]
    // Under such a name a file cannot be asked for: it would be taken for another one.
    if (key === null || everywhere === null || isAnnotated(file.filename)) return
    if (owners.of('file', ofPerson(who.account, key))?.account === who.account) return
    owners.note('file', ofPerson(who.account, key), who)
    owners.note('file', everywhere, who)
  }

  const ownsFile = ({ account }: Visitor, file: FileName) => {
    const key = fileKey(file)
    return key !== null && owners.of('file', ofPerson(account, key))?.account === account
  }

  const noteOutputs = (promptId: string, outputs: unknown) => {
    const account = ofPrompt(promptId)
    if (account === null) return
    for (const [kind, items] of valuesIn(outputs).flatMap(entriesIn)) {
      if (!madeKinds.test(kind)) continue
      for (const item of valuesIn(items)) {
        const file = Output.safeParse(item)
        if (file.success) noteFile(file.data, { account, keyId: null })
      }
    }
  }

  return {
    ofPrompt,
    owns: ({ account }, id) => id !== null && ofPrompt(id) === account,
    notePrompt: (id, visitor) => owners.note('prompt', id, visitor),
    noteFile,
    ownsFile,
    isOthersFile(visitor, file) {
      const key = foldedKey(file)
      const isKnown = key !== null && owners.of('file', key) !== null
      return (isKnown || partsOf(file)?.some(isShortName) === true) && !ownsFile(visitor, file)
    },
    holdsOthersFiles({ account }, folder) {
      const parts = partsIn(folder)
      const at = (type: string) => [...['folded', type], ...parts.map(folded), ''].join('/')
      return (
        parts.some(isShortName) || ['input', 'output'].some((type) => owners.othersBelow('file', at(type), account))
      )
    },
    noteOutputs,
    isRead: (promptId) => read.has(promptId),
    noteEntry(promptId, entry) {
      if (read.has(promptId)) return
      const outputs = memberOf(membersOf(entry) ?? [], 'outputs')
      if (outputs === null) return
      if (read.size >= mostRemembered) read.clear()
      read.add(promptId)
      noteOutputs(promptId, parseJson(outputs))
    },
  }
}
