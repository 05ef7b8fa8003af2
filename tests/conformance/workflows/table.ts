import type { Outcome } from './judge'

/** Counts of a set of templates. */
export interface Rate {
  of: number
  read: number
  needs: number
  converted: number
  fits: number
  accepted: number
}

const sets = {
  fixed: 'the 40 that it was tuned with',
  last: 'the ten that were looked at last',
  fifty: 'the fixed fifty',
  top: 'the plain first fifty by usage',
} as const
type SetName = keyof typeof sets

const isIn: Record<SetName, (outcome: Outcome) => boolean> = {
  fixed: ({ part }) => part === 'fixed',
  last: ({ part }) => part === 'last',
  fifty: ({ part }) => part !== 'aside',
  top: ({ isTop }) => isTop,
}

const names: readonly SetName[] = ['fixed', 'last', 'fifty', 'top']

function rateOf(outcomes: readonly Outcome[]): Rate {
  const count = (fits: (outcome: Outcome) => boolean) => outcomes.filter(fits).length
  return {
    of: outcomes.length,
    read: count(({ read }) => read),
    needs: count(({ needsExact }) => needsExact),
    converted: count(({ converted }) => converted),
    fits: count(({ fits }) => fits),
    accepted: count(({ accepted }) => accepted === true),
  }
}

export type Rates = Record<SetName, Rate>

export const ratesOf = (outcomes: readonly Outcome[]): Rates => ({
  fixed: rateOf(outcomes.filter(isIn.fixed)),
  last: rateOf(outcomes.filter(isIn.last)),
  fifty: rateOf(outcomes.filter(isIn.fifty)),
  top: rateOf(outcomes.filter(isIn.top)),
})

const columns = ['read', 'needs', 'converted', 'fits', 'accepted'] as const

/** A summary in rows that `statedIn` reads again. */
function summary(rates: Rates, asked: boolean): string[] {
  return [
    '| templates | read | needs named exactly | converted | fits the recorded classes | accepted |',
    '| --- | --- | --- | --- | --- | --- |',
    ...names.map((name) => {
      const { of, ...counts } = rates[name]
      const cells = columns.map((column) =>
        column === 'accepted' && !asked ? 'not asked' : `${counts[column]} of ${of}`,
      )
      return `| ${sets[name]} | ${cells.join(' | ')} |`
    }),
  ]
}

const cell = (text: string) => text.replaceAll('|', '\\|').replaceAll('\n', ' ')
const yes = (is: boolean | null) => (is === null ? 'not asked' : is ? 'yes' : 'no')
const parts = { fixed: '', last: 'last', aside: 'set aside' } as const

/** All that was found, as Markdown: what the page in the docs holds. `asked`: whether a ComfyUI was. */
export function tableOf(outcomes: readonly Outcome[], asked: boolean): string {
  const rows = outcomes.map(
    ({ name, usage, part, read, needsExact, converted, fits, accepted, why }) =>
      `| \`${name}\` | ${usage} | ${parts[part]} | ${[read, needsExact, converted, fits, accepted].map(yes).join(' | ')} | ${cell(why)} |`,
  )
  return [
    ...summary(ratesOf(outcomes), asked),
    '',
    '| template | usage | set | read | needs | converted | fits | accepted | why not |',
    '| --- | --- | --- | --- | --- | --- | --- | --- | --- |',
    ...rows,
    '',
  ].join('\n')
}

/** The rates that a page states; null for one that it does not. */
export function statedIn(page: string): Partial<Rates> {
  const found = names.flatMap((name) => {
    const line = page.split('\n').find((one) => one.startsWith(`| ${sets[name]}`))
    const numbers = [...(line ?? '').matchAll(/(\d+) of (\d+)/g)].map((match) => match.slice(1).map(Number))
    const [read = 0, needs = 0, converted = 0, fits = 0, accepted = 0] = numbers.map(([count]) => count ?? 0)
    const of = numbers[0]?.[1]
    return of === undefined ? [] : [[name, { of, read, needs, converted, fits, accepted }] as const]
  })
  return Object.fromEntries(found)
}

/** Where what was found falls short of what a page states, in words. `asked`: whether a ComfyUI was. */
export function shortfalls(stated: Partial<Rates>, found: Rates, asked: boolean): string[] {
  return names.flatMap((name) =>
    columns.flatMap((column) => {
      if (column === 'accepted' && !asked) return []
      const claimed = stated[name]?.[column] ?? 0
      const { of, [column]: seen } = found[name]
      return seen < claimed ? [`${sets[name]}: ${column} ${seen} of ${of}, and the page says ${claimed}`] : []
    }),
  )
}
