import { structuredPatch } from 'diff'
import type { LintDiff, LintExcerpt } from '../../../shared/contract'
import { maskedLines, type FileRole } from './mask'
import { applyEdits, byteOrderMarkOf, readable, type SourceText, type TextEdit } from './text'

/** A page needs no more of a file whose every line changes. */
const mostLines = 400

const lineEndCount = (text: string) => text.split('\r\n').length

/** What the reader of a diff cannot see otherwise: line ends and marks, where they are what changes. */
const showInvisible = (line: string, endsChange: boolean, markChanges: boolean) =>
  line.replace(/\r$/, endsChange ? '␍' : '').replace(/^\uFEFF/, markChanges ? '⟨BOM⟩' : '')

/** A file's change as a unified diff. It is made of the real texts; what is shown of them is masked. */
export function diffOf(
  source: SourceText,
  edits: readonly TextEdit[],
  { role, redact }: { role: FileRole; redact: (text: string) => string },
): LintDiff {
  const changed = { ...source, text: applyEdits(source.text, edits) }
  const endsChange = lineEndCount(source.text) !== lineEndCount(changed.text)
  const markChanges = byteOrderMarkOf(source.text) !== byteOrderMarkOf(changed.text)
  const before = maskedLines(source, role, redact)
  const after = maskedLines(changed, role, redact)
  const { hunks } = structuredPatch(source.name, source.name, readable(source), readable(changed), '', '', {
    context: 2,
  })
  const show = (lines: string[], at: number) => showInvisible(lines[at - 1] ?? '', endsChange, markChanges)
  return {
    file: source.path,
    name: source.name,
    hunks: hunks.map(({ oldStart, newStart, lines }) => {
      let old = oldStart
      let now = newStart
      const shown = lines.slice(0, mostLines).flatMap((line): LintDiff['hunks'][number]['lines'] => {
        switch (line.charAt(0)) {
          case '-':
            return [{ kind: 'removed', text: show(before, old++) }]
          case '+':
            return [{ kind: 'added', text: show(after, now++) }]
          case '\\':
            return []
          default:
            old++
            return [{ kind: 'same', text: show(after, now++) }]
        }
      })
      return { oldStart, newStart, lines: shown }
    }),
  }
}

/** The lines around a place. */
export function excerptOf(lines: readonly string[], line: number): LintExcerpt {
  const from = Math.max(1, line - 2)
  return { from, lines: lines.slice(from - 1, line + 2).map((text) => text.replace(/\r$/, '').replace(/^\uFEFF/, '')) }
}
