import type { Asked } from './play'

/** A text without the secrets, in the spellings in which they travel. */
export function redact(text: string, secrets: readonly string[]): string {
  const spellings = secrets
    .filter((secret) => secret !== '')
    .flatMap((secret) => [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)])
  return spellings.reduce((clean, secret) => clean.replaceAll(secret, '[secret]'), text)
}

export interface Counts {
  same: number
  differs: number
  skipped: Map<string, number>
}

/** Prints each row that differs under its table, and counts the others. */
export function createReport(print: (line: string) => void, secrets: readonly string[]) {
  const counts: Counts = { same: 0, differs: 0, skipped: new Map() }
  let heading = ''
  return {
    counts,
    add({ table, what, result }: Asked) {
      if (result.is === 'same') counts.same += 1
      else if (result.is === 'skipped') counts.skipped.set(result.why, (counts.skipped.get(result.why) ?? 0) + 1)
      else {
        counts.differs += 1
        if (heading !== table) print(`\n${table}`)
        heading = table
        print(`- ${what}`)
        for (const difference of result.differences) print(redact(`    ${difference}`, secrets))
      }
    },
    end() {
      const skipped = [...counts.skipped.values()].reduce((sum, n) => sum + n, 0)
      if (skipped > 0) print('\nNot asked')
      for (const [why, n] of counts.skipped) print(`- ${n}: ${why}`)
      print(`\n${counts.same} as expected, ${counts.differs} differ, ${skipped} not asked`)
    },
  }
}
