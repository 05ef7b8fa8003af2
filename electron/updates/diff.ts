/** Longer texts get no diff: it would not be read. */
const mostLines = 1500
const context = 3

/** `at`: the line's place, from 0, in the old text where it goes, else in the new one. */
type Edit = { sign: ' ' | '-' | '+'; at: number }

const linesOf = (text: string) => text.replaceAll('\r\n', '\n').replace(/\n$/, '').split('\n')

/** The longest common lines, by the usual table. */
function editsOf(before: readonly string[], after: readonly string[]): Edit[] {
  const width = after.length + 1
  const common = new Uint16Array((before.length + 1) * width)
  const at = (i: number, j: number) => common[i * width + j] ?? 0
  for (let i = before.length - 1; i >= 0; i--)
    for (let j = after.length - 1; j >= 0; j--)
      common[i * width + j] = before[i] === after[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1))
  const edits: Edit[] = []
  let [i, j] = [0, 0]
  while (i < before.length || j < after.length) {
    const [left, right] = [before[i], after[j]]
    if (left !== undefined && left === right) {
      edits.push({ sign: ' ', at: j })
      i++
      j++
    } else if (left !== undefined && (right === undefined || at(i + 1, j) >= at(i, j + 1))) {
      edits.push({ sign: '-', at: i })
      i++
    } else {
      edits.push({ sign: '+', at: j })
      j++
    }
  }
  return edits
}

/**
 * What changes from one text to another, as a unified diff without its head; empty for equal texts, null for long ones.
 * Line ends count for nothing. It is made of the real texts; `shown` gives the lines of one as anybody may see them.
 */
export function unifiedDiff(
  before: string,
  after: string,
  shown: (text: string) => readonly string[] = linesOf,
): string | null {
  const [old, fresh] = [linesOf(before), linesOf(after)]
  if (old.length > mostLines || fresh.length > mostLines) return null
  const edits = editsOf(old, fresh)
  const near = edits.map((_, at) =>
    edits.slice(Math.max(0, at - context), at + context + 1).some(({ sign }) => sign !== ' '),
  )
  const [shownOld, shownFresh] = [shown(before), shown(after)]
  const lines: string[] = []
  let [oldLine, newLine] = [1, 1]
  for (const [at, { sign, at: line }] of edits.entries()) {
    if (near[at] === true) {
      if (near[at - 1] !== true) lines.push(`@@ -${oldLine} +${newLine} @@`)
      lines.push(`${sign}${(sign === '-' ? shownOld : shownFresh)[line] ?? ''}`)
    }
    if (sign !== '+') oldLine++
    if (sign !== '-') newLine++
  }
  return lines.join('\n')
}
