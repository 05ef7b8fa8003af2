import { useTranslation } from 'react-i18next'
import type { LintDiff, LintExcerpt } from '../../../shared/contract'
import c from './Lint.module.css'

type DiffLine = LintDiff['hunks'][number]['lines'][number]

const signs: Record<DiffLine['kind'], string> = { same: '', removed: '−', added: '+' }

function Line({ line, number }: { line: DiffLine; number: number }) {
  const { t } = useTranslation('lint')
  const look = line.kind === 'same' ? '' : c[line.kind]
  return (
    <li className={`${c.line} ${look}`}>
      <span className={c.number} aria-hidden>
        {number}
      </span>
      <span className={c.sign} aria-hidden>
        {signs[line.kind]}
      </span>
      <span className={c.text}>
        {line.kind !== 'same' && <span className="visually-hidden">{t(line.kind)} </span>}
        {line.text}
      </span>
    </li>
  )
}

/** Each line with its number: of the old file where it goes, else of the new one. */
function numbered({ oldStart, newStart, lines }: LintDiff['hunks'][number]) {
  let old = oldStart
  let now = newStart
  return lines.map((line) => {
    if (line.kind === 'removed') return { line, number: old++ }
    if (line.kind === 'same') old++
    return { line, number: now++ }
  })
}

/** A file's change, line by line; what goes and what comes is told by a sign and a word, not by colour alone. */
export function Diff({ diff }: { diff: LintDiff }) {
  return (
    <ol className={c.code} aria-label={diff.name} tabIndex={0}>
      {diff.hunks.map((hunk, at) => [
        at > 0 && <li key={`gap-${hunk.oldStart}`} className={c.gap} aria-hidden />,
        ...numbered(hunk).map(({ line, number }, index) => (
          <Line key={`${hunk.oldStart}-${index}`} line={line} number={number} />
        )),
      ])}
    </ol>
  )
}

/** Some lines of a file, one of them marked. */
export function Excerpt({ excerpt, line, label }: { excerpt: LintExcerpt; line: number; label: string }) {
  return (
    <ol className={c.code} aria-label={label} tabIndex={0}>
      {excerpt.lines.map((text, at) => {
        const number = excerpt.from + at
        return (
          <li
            key={number}
            className={`${c.line} ${number === line ? c.here : ''}`}
            aria-current={number === line ? 'location' : undefined}
          >
            <span className={c.number}>{number}</span>
            <span className={c.sign} aria-hidden>
              {number === line && '›'}
            </span>
            <span className={c.text}>{text}</span>
          </li>
        )
      })}
    </ol>
  )
}
