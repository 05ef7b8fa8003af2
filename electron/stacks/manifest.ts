import { createHash } from 'node:crypto'
import path from 'node:path'
import * as z from 'zod'
import { StackId } from '../../shared/contract'
import { readIfPresent } from '../storage/files'

/** Stands beside the files of a deployed stack and says what was put there; holds no secret. */
export const manifestName = '.regie-stack.json'

/** No stack brings more files, nor any in a folder: what says so is no deployment's. */
const mostFiles = 64
const FileName = z.string().regex(/^(?!\.{1,2}$)[^/\\]{1,255}$/)

/** What a deployment put into its folder: each file but the `.env`, by the fingerprint of its text. */
const StackManifest = z.object({
  format: z.literal(1),
  stackId: StackId,
  version: z.string().min(1).max(64),
  files: z
    .record(FileName, z.string().regex(/^[0-9a-f]{64}$/))
    .refine((files) => Object.keys(files).length <= mostFiles),
})
export type StackManifest = z.infer<typeof StackManifest>

/** SHA-256 of a text in hexadecimal; the line ends of Windows count as those of Unix. */
export const textFingerprint = (text: string): string =>
  createHash('sha256').update(text.replaceAll('\r\n', '\n')).digest('hex')

/** The manifest of a stack whose files have these texts, as it is written. */
export function manifestText(stack: { id: StackId; version: string }, texts: ReadonlyMap<string, string>): string {
  const files = Object.fromEntries([...texts].map(([name, text]) => [name, textFingerprint(text)]))
  const manifest: StackManifest = { format: 1, stackId: stack.id, version: stack.version, files }
  return `${JSON.stringify(manifest, null, 2)}\n`
}

/** The manifest in a folder; null where there is none that can be read as one. */
export async function readManifest(folder: string): Promise<StackManifest | null> {
  const bytes = await readIfPresent(path.join(folder, manifestName))
  if (bytes === null) return null
  try {
    return StackManifest.parse(JSON.parse(bytes.toString('utf8')))
  } catch {
    return null // somebody's own file, or a damaged one: it says nothing
  }
}
