import { downloadZip } from 'client-zip'
import { randomUUID } from 'node:crypto'
import type { SupportContents } from '../../shared/contract'
import { Problem } from '../../shared/problems'
import type { Redact } from '../logs/cutting'
import { supportFiles, type SupportFile, type Told } from './files'

/** What was shown is kept for so long, in ms, and only so many of them. */
const keptMs = 10 * 60_000
const mostKept = 5

interface Bundle {
  at: number
  files: SupportFile[]
}

export interface Support {
  /** Makes a bundle and tells all that is in it. */
  contents(): Promise<SupportContents>
  /** The ZIP of one that was shown, or of one made now. Throws `support.not-found` for what is not kept. */
  download(id?: string): Promise<File>
}

interface SupportParts extends Told {
  redact: Redact
  now?: () => number
}

const zipOf = async ({ at, files }: Bundle): Promise<File> => {
  const inputs = files.map(({ name, text }) => ({ name, input: text, lastModified: new Date(at) }))
  const zip = await downloadZip(inputs).blob()
  const day = new Date(at).toISOString().slice(0, 16).replaceAll(/[-:]/g, '').replace('T', '-')
  return new File([zip], `regie-support-${day}.zip`, { type: 'application/zip' })
}

/** What helps to find a fault in Regie itself, as one file without a secret. Nothing of it leaves by itself. */
export function createSupport({ redact, now = Date.now, ...told }: SupportParts): Support {
  const kept = new Map<string, Bundle>()
  const forgetOld = () => {
    for (const [id, { at }] of kept) if (now() - at > keptMs) kept.delete(id)
    for (const id of [...kept.keys()].slice(0, Math.max(0, kept.size - mostKept))) kept.delete(id)
  }
  const make = async (): Promise<Bundle> => {
    const files = await supportFiles(told)
    // No text of a secret should be left by now; what the vault knows is looked for once more all the same.
    return { at: now(), files: files.map(({ name, text }) => ({ name, text: redact(text) })) }
  }
  return {
    async contents() {
      const bundle = await make()
      const id = randomUUID()
      kept.set(id, bundle)
      forgetOld()
      const files = bundle.files.map((file) => ({ ...file, bytes: Buffer.byteLength(file.text) }))
      return { id, at: bundle.at, files }
    },
    async download(id) {
      forgetOld()
      if (id === undefined) return await zipOf(await make())
      const bundle = kept.get(id)
      if (!bundle) throw new Problem('support.not-found')
      return await zipOf(bundle)
    },
  }
}
