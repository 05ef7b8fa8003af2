import { useTranslation } from 'react-i18next'
import type { UsageAnswer } from '../../../shared/contract'
import { gpuText } from './words'
import c from './Usage.module.css'

export interface LegendPart {
  id: string | null
  name: string
  seconds: number
}

/** The parts of all rows together, the largest first: two with a pattern of their own, the others as one. */
export function partsOfAll(answer: UsageAnswer, rest: string): LegendPart[] {
  const sums = new Map<string | null, LegendPart>()
  for (const { parts } of answer.rows)
    for (const { id, name, gpuSeconds } of parts) {
      const found = sums.get(id) ?? { id, name: name ?? id ?? rest, seconds: 0 }
      sums.set(id, { ...found, seconds: found.seconds + (gpuSeconds ?? 0) })
    }
  const sorted = [...sums.values()].filter(({ seconds }) => seconds > 0).sort((a, b) => b.seconds - a.seconds)
  if (sorted.length <= 3) return sorted
  const others = sorted.slice(2).reduce((sum, { seconds }) => sum + seconds, 0)
  return [...sorted.slice(0, 2), { id: null, name: rest, seconds: others }]
}

/** Which pattern stands for what inside a row. */
export function Legend({ parts }: { parts: readonly LegendPart[] }) {
  const { t } = useTranslation('usage')
  return (
    <ul className={c.legend}>
      {parts.map(({ id, name, seconds }, at) => (
        <li key={id ?? ''}>
          <span data-pattern={at} aria-hidden />
          {name} <b className="num">{gpuText(t, seconds)}</b>
        </li>
      ))}
    </ul>
  )
}
