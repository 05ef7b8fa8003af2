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

const annotation = /^(.*?)\s?\[(output|input|temp)\]$/s

/**
 * The one name under which a file is kept, `type/folders/name`; null for a name that leads out of its folder. A text such
 * as `a.png [temp]` names the type itself, as in `LoadImage`.
 */
export function fileKey({ type, subfolder, filename }: FileName): string | null {
  const [, bare = filename, said = type] = annotation.exec(filename) ?? []
  const parts = `${subfolder}/${bare}`.split(/[\\/]/).filter((part) => part !== '' && part !== '.')
  return parts.length === 0 || parts.some((part) => part === '..') ? null : [said, ...parts].join('/')
}

const Output = z.object({
  filename: z.string().min(1).max(1_000),
  subfolder: z.string().max(1_000).catch(''),
  type: z.string().max(20).catch('output'),
})

const valuesIn = (value: unknown): unknown[] =>
  typeof value === 'object' && value !== null ? Object.values(value) : []

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
  /** Notes the files in a prompt's outputs (`{node: {images: [{filename, …}]}}`) as those of whoever has the prompt. */
  noteOutputs: (promptId: string, outputs: unknown) => void
  /** The same for an entry of the history, once. */
  noteEntry: (promptId: string, entry: string) => void
}

/** Ids that were looked up are remembered; each socket asks for each of its messages. */
const mostRemembered = 5_000

export function createBelongings(owners: GatewayOwners): Belongings {
  const known = new Map<string, string>()
  const read = new Set<string>()

  const ofPrompt = (id: string): string | null => {
    const account = known.get(id) ?? owners.of('prompt', id)?.account ?? null
    if (account === null || known.has(id)) return account
    if (known.size >= mostRemembered) known.clear()
    known.set(id, account)
    return account
  }

  const noteFile = (file: FileName, who: Pick<Visitor, 'account' | 'keyId'>) => {
    const key = fileKey(file)
    if (key === null || owners.of('file', ofPerson(who.account, key)) !== null) return
    owners.note('file', ofPerson(who.account, key), who)
    owners.note('file', key, who)
  }

  const ownsFile = ({ account }: Visitor, file: FileName) => {
    const key = fileKey(file)
    return key !== null && owners.of('file', ofPerson(account, key)) !== null
  }

  const noteOutputs = (promptId: string, outputs: unknown) => {
    const account = ofPrompt(promptId)
    if (account === null) return
    for (const item of valuesIn(outputs).flatMap(valuesIn).flatMap(valuesIn)) {
      const file = Output.safeParse(item)
      if (file.success) noteFile(file.data, { account, keyId: null })
    }
  }

  return {
    ofPrompt,
    owns: ({ account }, id) => id !== null && ofPrompt(id) === account,
    notePrompt: (id, visitor) => owners.note('prompt', id, visitor),
    noteFile,
    ownsFile,
    isOthersFile(visitor, file) {
      const key = fileKey(file)
      return key !== null && owners.of('file', key) !== null && !ownsFile(visitor, file)
    },
    noteOutputs,
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
