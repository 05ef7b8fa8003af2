import { Button } from '@mantine/core'
import { IconArrowBackUp } from '@tabler/icons-react'
import { useState } from 'react'
import { Trans, useTranslation } from 'react-i18next'
import type { Service, Update } from '../../../shared/contract'
import { serviceName } from '../../../shared/service-name'
import { Failure } from '../../api/Failure'
import { describeReason } from '../../i18n'
import { formatDay, formatDuration, formatSize } from '../../i18n/format'
import { ConfirmDialog } from '../../ui/ConfirmDialog'
import { Panel } from '../../ui/Panel'
import { useHashRoute } from '../../ui/route'
import { useNow } from '../../ui/useNow'
import { PartsTable } from './PartsTable'
import { SafetyLine } from './SafetyLine'
import c from './Updates.module.css'
import { UpdateSteps } from './UpdateSteps'
import { useUpdateActs } from './useUpdates'
import { Verification } from './Verification'
import { safetyOf, wayBackMs } from './view'

interface CourseProps {
  service: Service
  update: Update
  /** Shows what an update would do, where this one is over. */
  onAgain: () => void
}

/** An update as it goes on, or how it ended, with the way back. */
export function Course({ service, update, onAgain }: CourseProps) {
  const isOver = update.state !== 'running' && update.state !== 'rolling-back'
  return (
    <div className={c.page}>
      <Safety service={service} update={update} onAgain={onAgain} />
      <div className={c.columns}>
        <div className={c.column}>
          <UpdateSteps update={update} />
          {(!isOver || update.state === 'switched') && <WithinAMinute lastUndo={update.lastUndo} isGoing={!isOver} />}
        </div>
        <div className={c.column}>
          <Verification update={update} />
          <PartsTable parts={update.parts} isOver={update.state === 'switched' || update.state === 'kept'} />
        </div>
      </div>
    </div>
  )
}

/** What happens if a step fails, and afterwards. */
export function WithinAMinute({ lastUndo, isGoing = false }: Pick<Update, 'lastUndo'> & { isGoing?: boolean }) {
  const { t } = useTranslation('updates')
  const components = { b: <b /> }
  return (
    <Panel title={t('undo.title')}>
      <div className={c.prose}>
        <p>
          <Trans t={t} i18nKey="undo.fails" components={components} />
        </p>
        <p>
          {lastUndo ? (
            <Trans
              t={t}
              i18nKey="undo.afterTime"
              values={{ time: formatDuration(lastUndo.tookMs) }}
              components={components}
            />
          ) : (
            <Trans t={t} i18nKey="undo.after" components={components} />
          )}
        </p>
        {isGoing && (
          <p>
            <Trans t={t} i18nKey="undo.leave" components={components} />
          </p>
        )}
      </div>
    </Panel>
  )
}

/** Port of an address, as people know the service. */
const portOf = (url: string): string => {
  const { port, protocol } = new URL(url)
  return port !== '' ? port : protocol === 'https:' ? '443' : '80'
}

function Safety({ service, update, onAgain }: CourseProps) {
  const { t } = useTranslation('updates')
  const { said, tone } = safetyOf(update)
  const { from, to, steps } = update
  const took = wayBackMs(steps)
  const values = { from, to, port: portOf(service.url), time: took === null ? '' : formatDuration(took) }
  const isPlain = took === null && (said === 'rolledBack' || said === 'undone')
  return (
    <SafetyLine
      tone={tone}
      says={t(`safe.${isPlain ? (said === 'undone' ? 'undonePlain' : 'rolledBackPlain') : said}`, values)}
      actions={<Actions service={service} update={update} onAgain={onAgain} />}
    >
      <Follows update={update} said={said} />
    </SafetyLine>
  )
}

/** What follows from it: the second sentence of the page's first line. */
function Follows({ update, said }: { update: Update; said: ReturnType<typeof safetyOf>['said'] }) {
  const { t } = useTranslation('updates')
  const now = useNow()
  const { from, to, keptUntil, keptBytes, lastUndo, reason, notBack } = update
  switch (said) {
    case 'old':
    case 'stopped':
    case 'switching':
    case 'new':
    case 'rollingBack':
      return t(`safe.${said}Text`, { from, to })
    case 'switched':
    case 'switchedUnseen':
    case 'switchedDiffers': {
      if (keptUntil === null) return null
      const date = formatDay(keptUntil)
      if (keptUntil < now)
        return t('safe.undoOver', { from, date, size: keptBytes === null ? '–' : formatSize(keptBytes) })
      return lastUndo
        ? t('safe.undoUntilIn', { from, date, time: formatDuration(lastUndo.tookMs) })
        : t('safe.undoUntil', { from, date })
    }
    case 'kept':
      return t('safe.keptText')
    case 'rolledBack':
    case 'undone':
    case 'stoppedOld':
    case 'failed': {
      // What kept it from coming back comes before why it was to come back at all.
      const cause = said === 'failed' ? (notBack ?? reason) : reason
      const why = cause && describeReason(cause)
      return (
        <>
          {why && `${why.message} ${why.hint}`} {said === 'failed' && t('safe.failedText')}
        </>
      )
    }
  }
}

function Actions({ service, update, onAgain }: CourseProps) {
  const { t } = useTranslation('updates')
  const { rollBack, keep } = useUpdateActs()
  // The service's menu leads here with the question.
  const asked = useHashRoute().query.get('ask') === 'undo'
  const [asking, setAsking] = useState<Question | null>(asked && update.state === 'switched' ? 'undo' : null)
  const { id, state } = update
  const back = (word: string, onClick: () => void) => (
    <Button
      variant="default"
      leftSection={<IconArrowBackUp size={16} stroke={1.6} />}
      loading={rollBack.isPending}
      onClick={onClick}
    >
      {word}
    </Button>
  )
  const error = rollBack.error ?? keep.error
  return (
    <>
      {error !== null && <Failure error={error} />}
      {state === 'running' && back(t('action.rollBack'), () => rollBack.mutate({ id }))}
      {state === 'failed' && back(t('action.rollBackAgain'), () => rollBack.mutate({ id }))}
      {state === 'switched' && (
        <>
          <Button variant="subtle" color="gray" loading={keep.isPending} onClick={() => setAsking('keep')}>
            {t('action.keep')}
          </Button>
          {back(t('action.undo'), () => setAsking('undo'))}
        </>
      )}
      {(state === 'rolled-back' || state === 'kept') && (
        <Button variant="default" onClick={onAgain}>
          {t('action.seeOffer')}
        </Button>
      )}
      <Questions
        service={service}
        update={update}
        asking={asking}
        onAnswer={(answer) => {
          setAsking(null)
          if (answer === 'undo') rollBack.mutate({ id })
          if (answer === 'keep') keep.mutate({ id })
        }}
      />
    </>
  )
}

type Question = 'undo' | 'keep'

interface QuestionsProps {
  service: Service
  update: Update
  asking: Question | null
  /** Null: neither. */
  onAnswer: (answer: Question | null) => void
}

/** What is asked before the way back is gone, or given up. */
function Questions({ service, update: { from, to, keptBytes }, asking, onAnswer }: QuestionsProps) {
  const { t } = useTranslation('updates')
  return (
    <>
      <ConfirmDialog
        opened={asking === 'undo'}
        onClose={() => onAnswer(null)}
        title={t('undoAsk.title', { id: serviceName(service) })}
        confirm={t('undoAsk.confirm')}
        onConfirm={() => onAnswer('undo')}
      >
        <p>{t('undoAsk.text', { from, to })}</p>
      </ConfirmDialog>
      <ConfirmDialog
        opened={asking === 'keep'}
        onClose={() => onAnswer(null)}
        title={t('keepAsk.title', { to })}
        confirm={t('keepAsk.confirm')}
        onConfirm={() => onAnswer('keep')}
      >
        <p>
          {t('keepAsk.text')} {keptBytes !== null && t('keepAsk.frees', { size: formatSize(keptBytes) })}
        </p>
      </ConfirmDialog>
    </>
  )
}
