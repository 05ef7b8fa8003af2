/** What stands in a cell; null: nothing. */
export type CsvCell = string | number | null

/**
 * What a spreadsheet would take for a formula: names are chosen by people, and may be meant to do harm. The wide ones are what
 * a Japanese or Chinese one takes for the same. https://owasp.org/www-community/attacks/CSV_Injection
 */
const formula = /^[=+\-@\uFF1D\uFF0B\uFF0D\uFF20\t\r\n]/
/** The same behind what begins a cell for a spreadsheet that cuts by other marks, as a French one does: there no quote helps. */
const later = /([,;|\t\r\n]"?)(?=[=+\-@\uFF1D\uFF0B\uFF0D\uFF20])/g

function cell(value: CsvCell): string {
  if (value === null) return ''
  if (typeof value === 'number') return String(value)
  const inner = value.replaceAll(later, "$1'")
  const safe = formula.test(inner) ? `'${inner}` : inner
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/** Rows as CSV by RFC 4180, with the mark by which spreadsheets know UTF-8. */
export const csvText = (rows: readonly (readonly CsvCell[])[]): string =>
  `\uFEFF${rows.map((row) => row.map(cell).join(',')).join('\r\n')}\r\n`
