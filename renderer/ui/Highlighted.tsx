import { Fragment } from 'react'
import type { Mark } from './find'
import c from './Highlighted.module.css'

/** A text with the letters marked that were searched for. */
export function Highlighted({ text, marks }: { text: string; marks: readonly Mark[] }) {
  const parts: { text: string; isMarked: boolean }[] = []
  let end = 0
  for (const [from, to] of marks) {
    if (from < end) continue // two words of the query met in one of the text
    parts.push({ text: text.slice(end, from), isMarked: false }, { text: text.slice(from, to), isMarked: true })
    end = to
  }
  parts.push({ text: text.slice(end), isMarked: false })
  return parts.map((part, at) =>
    part.isMarked ? (
      <mark key={`${at} ${part.text}`} className={c.mark}>
        {part.text}
      </mark>
    ) : (
      <Fragment key={`${at} ${part.text}`}>{part.text}</Fragment>
    ),
  )
}
