import { Problem } from '../../../../shared/problems'
import type { GatewayQuestion, GatewayWorld, Handling, Visitor } from '../../gateway'
import { watchForm, type FormPart } from '../../gateway/form'
import { memberOf, membersOf, stringOf } from '../../gateway/spans'
import { annotatedFile, isAnnotated, type Belongings, type FileName } from './belongings'

const maxAnswerBytes = 2 ** 20

interface Uploading {
  world: GatewayWorld
  belongings: Belongings
}

/** The field's value, or what the service takes in its place. */
const valueOf = (parts: readonly FormPart[], name: string) => parts.find((part) => part.name === name)?.value ?? null

/** Whether a file lies there, whoever put it there. */
async function isThere({ ask }: GatewayWorld, { type, subfolder, filename }: FileName): Promise<boolean> {
  const target = `/view?${new URLSearchParams({ filename, type, subfolder })}`
  const { status } = await ask({ method: 'GET', target, kind: 'status' })
  return status !== 404
}

/** What `original_ref` names: a mask is put over a copy of that picture, which thereby becomes the person's. */
function originalOf(text: string): FileName | null {
  const members = membersOf(text)
  const filename = stringOf(memberOf(members ?? [], 'filename'))
  if (members === null || filename === null) return null
  const type = stringOf(memberOf(members, 'type')) ?? 'output'
  return { filename, type, subfolder: stringOf(memberOf(members, 'subfolder')) ?? '' }
}

/** Throws a Problem where the form would read or overwrite what is not this person's. */
async function check(parts: readonly FormPart[], visitor: Visitor, { world, belongings }: Uploading): Promise<void> {
  const names = parts.map(({ name }) => name)
  if (new Set(names).size !== names.length) throw new Problem('gateway.unreadable', { why: 'a field comes twice' })
  const original = valueOf(parts, 'original_ref')
  if (original !== null) {
    const file = originalOf(original)
    if (file === null) throw new Problem('gateway.unreadable', { why: 'original_ref names no file' })
    const meant = annotatedFile(file)
    if (meant === null || !belongings.ownsFile(visitor, meant))
      throw new Problem('gateway.not-your-file', { name: file.filename })
  }
  const filename = parts.find(({ name }) => name === 'image')?.filename ?? null
  // The service would write it, and take its name for another file's whenever it is asked for.
  if (filename !== null && isAnnotated(filename))
    throw new Problem('gateway.unreadable', { why: 'a file is named after a folder in brackets' })
  const overwrite = valueOf(parts, 'overwrite')
  if (filename === null || (overwrite !== 'true' && overwrite !== '1')) return
  const file = { type: valueOf(parts, 'type') ?? 'input', subfolder: valueOf(parts, 'subfolder') ?? '', filename }
  if (belongings.ownsFile(visitor, file)) return
  if (belongings.isOthersFile(visitor, file) || (await isThere(world, file)))
    throw new Problem('gateway.not-your-file', { name: filename })
}

/** `POST /upload/image` and `/upload/mask`: streams on; its last bytes wait until it is clear what it would do. */
export const upload = (question: GatewayQuestion, visitor: Visitor, uploading: Uploading): Handling => ({
  ...(visitor.role === 'admin'
    ? {}
    : { watch: () => watchForm(question.headers, (parts) => check(parts, visitor, uploading)) }),
  answer: {
    maxBytes: maxAnswerBytes,
    read(body) {
      const members = membersOf(body.toString('utf8')) ?? []
      const [filename, subfolder, type] = ['name', 'subfolder', 'type'].map((key) => stringOf(memberOf(members, key)))
      if (filename)
        uploading.belongings.noteFile({ filename, subfolder: subfolder ?? '', type: type ?? 'input' }, visitor)
      return body
    },
  },
})
