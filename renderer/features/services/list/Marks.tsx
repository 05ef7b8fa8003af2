import type { Rung, Service } from '../../../../shared/contract'
import { useWords } from './words'
import c from './Marks.module.css'

type Mark = 'passed' | 'reached' | 'moving' | 'refused' | 'unseen' | 'ahead'

function markOf({ state }: Rung, isBeforeFailure: boolean): Mark {
  switch (state) {
    case 'proven':
      return 'passed'
    case 'current':
      return 'reached'
    case 'probing':
      return 'moving'
    case 'refused':
    case 'failed':
      return 'refused'
    case 'waiting':
      return isBeforeFailure ? 'unseen' : 'ahead'
  }
}

/** What each of the five marks says: what was not observed below a failure is told from what was not reached. */
export function marksOf(rungs: readonly Rung[]): Mark[] {
  const failed = rungs.findIndex(({ state }) => state === 'failed' || state === 'refused')
  return rungs.map((rung, at) => markOf(rung, at < failed))
}

/** The health ladder as five small marks; the state beside it says the same in a word. */
export function Marks({ service }: { service: Service }) {
  const t = useWords()
  const { rungs } = service.health
  const marks = marksOf(rungs)
  const failed = rungs.find((_, at) => marks[at] === 'refused')
  const count = marks.filter((mark) => mark === 'passed' || mark === 'reached').length
  const words = failed
    ? t('checkFailed', { check: t(`services:ladder.rung.${failed.id}`) })
    : t('checks', { count, all: rungs.length })
  return (
    <span className={c.marks} role="img" aria-label={words} title={words}>
      {rungs.map(({ id }, at) => (
        <i key={id} data-mark={marks[at]} />
      ))}
    </span>
  )
}
