import { canStandInEnv, type EnvLine, type EnvRefusal } from '../../files/dotenv'
import type { EnvFile } from '../model'
import type { Draft, FixDraft, Rule } from '../rule'

/** Lines of `.env` files for which Compose 2 refuses all of it: told before a start, and without a value. */
export const envRefused: Rule = {
  id: 'env-refused',
  check: ({ env, envFiles, facts }) =>
    (env ? [env, ...envFiles] : envFiles)
      .filter(({ source }) => !source.text.includes('\0') && !/^(?:\xFF\xFE|\xFE\xFF)/.test(source.text))
      .flatMap((file) =>
        file.refusals.map((refusal, index): Draft => {
          const { offset, key } = refusal
          const entry = file.entries.find((one) => one.key === key && one.keyEnd >= offset && one.read !== null)
          return {
            // Compose 1 reads the line in its own way, or passes over it.
            severity: facts.compose === 'standalone' ? 'warning' : 'danger',
            problem: problemOf(refusal),
            params: { key: key ?? '' },
            source: file.source,
            offset,
            key: key ?? String(index),
            fixes: refusal.kind === 'template' && entry ? [quoteFix(file, entry)] : [],
          }
        }),
      ),
}

function problemOf({ kind }: EnvRefusal): Draft['problem'] {
  switch (kind) {
    case 'quote':
      return 'lint.env-broken'
    case 'template':
      return 'lint.env-template'
    case 'required':
      return 'lint.env-needs-other'
    case 'character':
    case 'space':
      return 'lint.env-no-name'
  }
}

/** Single quotes around the value, where it means every character as it stands. */
function quoteFix({ source }: EnvFile, { raw, quote, valueEnd }: EnvLine): FixDraft | null {
  if (raw === null || raw.includes('$$') || !canStandInEnv(raw)) return null
  const width = quote === 'none' ? 0 : 1
  const end = valueEnd - width
  const start = end - raw.length
  const edits = [
    { start: start - width, end: start, text: "'" },
    { start: end, end: end + width, text: "'" },
  ]
  return {
    problem: 'lint.fix-quote',
    changes: [{ source, edits }],
    needs: 'recreate',
  }
}
