import type { LintNeeds, LintSeverity } from '../../../../shared/contract'
import type { Project } from '../model'
import type { Draft, Rule } from '../rule'
import { byteOrderMarkOf, type SourceText, type TextEdit } from '../text'

interface Checked {
  source: SourceText
  severity: LintSeverity
  needs: LintNeeds
  kind: '' | '-script' | '-secret'
}

/** Files whose every byte counts: for Compose alone they would be harmless, for others they are not. */
function checkedFiles({ env, envFiles, mounted }: Project): Checked[] {
  return [
    ...(env ? [env, ...envFiles] : envFiles).map(({ source }): Checked => ({
      source,
      severity: 'hint',
      needs: 'none',
      kind: '',
    })),
    ...mounted.map(({ source, role }): Checked => ({
      source,
      severity: role === 'script' ? 'danger' : 'warning',
      needs: 'restart',
      kind: `-${role}`,
    })),
  ]
}

/** CRLF in .env, env_file, secret files and scripts. */
export const crlf: Rule = {
  id: 'crlf',
  check: (project) =>
    checkedFiles(project).flatMap(({ source, severity, needs, kind }): Draft[] => {
      const edits = [...source.text.matchAll(/\r(?=\n)/g)].map(({ index }): TextEdit => ({
        start: index,
        end: index + 1,
        text: '',
      }))
      const first = edits[0]
      if (!first) return []
      return [
        {
          severity,
          problem: `lint.crlf${kind}`,
          params: { name: source.name },
          source,
          offset: first.start,
          key: 'crlf',
          fixes: [{ problem: 'lint.fix-line-ends', changes: [{ source, edits }], needs }],
        },
      ]
    }),
}

/** A byte order mark at the beginning of the same files. */
export const bom: Rule = {
  id: 'bom',
  check: (project) =>
    checkedFiles(project).flatMap(({ source, severity, needs, kind }): Draft[] => {
      const mark = byteOrderMarkOf(source.text)
      if (mark === '') return []
      const edits = [{ start: 0, end: mark.length, text: '' }]
      return [
        {
          severity: kind === '' ? severity : 'danger',
          problem: `lint.bom${kind}`,
          params: { name: source.name },
          source,
          offset: 0,
          key: 'bom',
          fixes: [{ problem: 'lint.fix-bom', changes: [{ source, edits }], needs }],
        },
      ]
    }),
}
