import {
  IconAlertTriangleFilled,
  IconCheck,
  IconCircleCheckFilled,
  IconLoader2,
  IconLockFilled,
} from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { ProvedRung, Rung } from '../../../shared/contract'
import { formatDuration } from '../../i18n/format'
import { Ago } from '../../ui/Ago'
import c from './Ladder.module.css'
import { Tooltip } from '../../ui/Tooltip'

function Node({ state }: { state: Rung['state'] }) {
  switch (state) {
    case 'proven':
      return (
        <span className={c.proven}>
          <IconCheck size={10} stroke={3} />
        </span>
      )
    case 'current':
      return <IconCircleCheckFilled size={18} className={c.good} />
    case 'probing':
      return <IconLoader2 size={18} className={`${c.active} turning`} />
    case 'refused':
      return <IconLockFilled size={17} className={c.bad} />
    case 'failed':
      return <IconAlertTriangleFilled size={17} className={c.bad} />
    case 'waiting':
      return <span className={c.waiting} />
  }
}

function useRungWord() {
  const { t } = useTranslation('services')
  return (rung: Rung) => (rung.state === 'refused' ? t('ladder.refused') : t(`ladder.rung.${rung.id}`))
}

/** The health ladder laid flat: five rungs, each proved by its own probe. The reached rung carries the colour. */
export function Ladder({ rungs }: { rungs: Rung[] }) {
  const { t } = useTranslation('services')
  const word = useRungWord()
  return (
    <ol className={c.flat} aria-label={t('ladder.title')}>
      {rungs.map((rung) => (
        <Tooltip
          key={rung.id}
          label={`${rung.asked}: ${rung.answered}`}
          disabled={rung.asked === '' && rung.answered === ''}
          multiline
          maw={280}
        >
          <li className={c.flatRung} data-state={rung.state}>
            <span className={c.node} data-tells>
              <Node state={rung.state} />
            </span>
            <span className={c.word}>{word(rung)}</span>
            <span className="visually-hidden">{t(`ladder.state.${rung.state}`)}</span>
          </li>
        </Tooltip>
      ))}
    </ol>
  )
}

/** Of a service that somebody else runs: whether nothing answered, or something else did. */
function Failed({ rung }: { rung: Rung }) {
  const { t } = useTranslation('unreachable')
  return rung.id === 'listening' ? t('noAnswer') : t('otherProgram')
}

/** Of a service that somebody else runs: what cannot be seen of it, or what came back when it was reached last. */
function NotReached({ rung, isObserved }: { rung: Rung; isObserved: boolean }) {
  const { t } = useTranslation('unreachable')
  if (!isObserved) return t('notObserved')
  return rung.answered === '' ? t('notReached') : t('notReachedLast', { answered: rung.answered })
}

/** The sixth rung: whether an image was made there, when, and what has happened since that voids it. */
function Proved({ rung: { state, asked, answered, at, before, tookMs } }: { rung: ProvedRung }) {
  const { t } = useTranslation('services')
  const said = before === undefined ? answered : t(`ladder.before.${before}`)
  return (
    <li className={c.tallRung} data-state={state}>
      <span className={c.node} data-tells>
        <Node state={state} />
      </span>
      <span className={c.tallWord}>
        {t('ladder.rung.proved')}
        <span className="visually-hidden">, {t(`ladder.state.${state}`)}</span>
      </span>
      <code className={`mono ${c.probe}`} title={asked}>
        {asked}
      </code>
      <span className={c.answer} title={said}>
        {said}
      </span>
      <span className={c.time}>
        <Ago at={at} />
      </span>
      <span className={c.took}>{tookMs === null ? '–' : formatDuration(tookMs)}</span>
    </li>
  )
}

/** The same ladder standing up, with its evidence: what was asked, what came back, when, and how long it took. */
export function LadderEvidence({
  rungs,
  proved,
  isExternal,
}: {
  rungs: Rung[]
  /** The sixth: by an image. */
  proved?: ProvedRung | undefined
  isExternal?: boolean
}) {
  const { t } = useTranslation(['services', 'common'])
  const word = useRungWord()
  const failedAt = rungs.findIndex(({ state }) => state === 'failed')
  return (
    <ol className={c.tall} aria-label={t('ladder.title')}>
      <li className={c.tallHead} aria-hidden>
        <span />
        <span>{t('ladder.head.rung')}</span>
        <span>{t('ladder.head.asked')}</span>
        <span>{t('ladder.head.answered')}</span>
        <span className={c.time}>{t('ladder.head.when')}</span>
        <span className={c.took}>{t('ladder.head.took')}</span>
      </li>
      {rungs.map((rung, at) => (
        <li key={rung.id} className={c.tallRung} data-state={rung.state}>
          <span className={c.node} data-tells>
            <Node state={rung.state} />
          </span>
          <span className={c.tallWord}>
            {isExternal === true && rung.state === 'failed' ? <Failed rung={rung} /> : word(rung)}
            <span className="visually-hidden">, {t(`ladder.state.${rung.state}`)}</span>
          </span>
          <code className={`mono ${c.probe}`} title={rung.asked}>
            {rung.asked}
          </code>
          <span className={c.answer} title={rung.answered}>
            {isExternal === true && rung.state === 'waiting' && failedAt !== -1 ? (
              <NotReached rung={rung} isObserved={at > failedAt} />
            ) : (
              rung.answered
            )}
          </span>
          <span className={c.time}>
            {rung.at === null ? isExternal === true ? '–' : t('common:time.notYet') : <Ago at={rung.at} />}
          </span>
          <span className={c.took}>{rung.tookMs === null ? '–' : formatDuration(rung.tookMs)}</span>
        </li>
      ))}
      {proved && <Proved rung={proved} />}
    </ol>
  )
}
