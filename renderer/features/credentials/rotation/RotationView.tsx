import { Button } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { IconArrowBackUp, IconRotate } from '@tabler/icons-react'
import { useState } from 'react'
import { Trans, useTranslation } from 'react-i18next'
import type { Credential, Rotation } from '../../../../shared/contract'
import { api } from '../../../api/query'
import { ConfirmDialog } from '../../../ui/ConfirmDialog'
import { Fingerprint, spaced } from '../../../ui/Fingerprint'
import { Panel } from '../../../ui/Panel'
import { ProofMatrix } from './ProofMatrix'
import { Stepper } from './Stepper'
import { StatusIcon, StatusLabel, StatusPill, type StatusKey } from '../../../ui/Status'
import { useNow } from '../../../ui/useNow'
import { useIsAdmin } from '../../../api/useSession'
import { describeReason } from '../../../i18n'
import { formatAge, formatDuration, formatLogTime } from '../../../i18n/format'
import c from '../Credentials.module.css'
import { journalOf, standing } from './rotation-plan'
import { useNameOf } from '../useNameOf'

const resultStatus: Record<Exclude<Rotation['state'], 'running'>, StatusKey> = {
  committed: 'proven',
  'rolled-back': 'warning',
  failed: 'failed',
}

interface RotationViewProps {
  credential: Credential
  rotation: Rotation
  onDone: () => void
  onRetry: () => void
}

/** A rotation as it goes on, or how the last one ended. */
export function RotationView({ credential, rotation, onDone, onRetry }: RotationViewProps) {
  const { t } = useTranslation('credentials')
  const isAdmin = useIsAdmin()
  const isRunning = rotation.state === 'running'
  return (
    <div className={c.detail}>
      <header className={c.head}>
        <div className={c.headText}>
          <div className={c.headTitle}>
            <h2>{t(isRunning ? 'rotation.title' : 'rotation.titleDone', { id: credential.id })}</h2>
            <Where rotation={rotation} />
          </div>
          {isRunning && <p>{t('rotation.safe')}</p>}
        </div>
        <div className={c.headActions}>
          {isRunning ? (
            isAdmin && <Cancel rotation={rotation} />
          ) : (
            <>
              {rotation.state !== 'committed' && isAdmin && (
                <Button variant="light" leftSection={<IconRotate size={16} stroke={1.6} />} onClick={onRetry}>
                  {t('rotation.retry')}
                </Button>
              )}
              <Button variant="default" onClick={onDone}>
                {t('rotation.done')}
              </Button>
            </>
          )}
        </div>
      </header>
      {rotation.state !== 'running' && <Result rotation={rotation} state={rotation.state} />}
      <div className={c.rotation}>
        <Panel title={t('rotation.stepsTitle')} note={t('rotation.id', { id: rotation.id.slice(0, 8) })}>
          <Stepper steps={rotation.steps} />
        </Panel>
        <div className={c.proofCol}>
          <ProofSoFar rotation={rotation} />
          <div className={c.aside}>
            {isRunning && <IfFails rotation={rotation} sinks={credential.sinks.length} />}
            <Journal rotation={rotation} />
          </div>
        </div>
      </div>
    </div>
  )
}

function Where({ rotation }: { rotation: Rotation }) {
  const { t } = useTranslation('credentials')
  const now = useNow()
  const { step, of, isRollingBack } = standing(rotation)
  const ms = Math.max(0, (rotation.finishedAt ?? now) - rotation.startedAt)
  if (rotation.state !== 'running') {
    const word = t(`rotation.result.${rotation.state}`)
    return <StatusPill of={resultStatus[rotation.state]} word={word} detail={formatDuration(ms)} />
  }
  const elapsed = formatAge(ms)
  return (
    <span role="status" aria-live="polite">
      <StatusPill
        of="running"
        detail={isRollingBack ? t('rotation.pillBack', { elapsed }) : t('rotation.pill', { step, of, elapsed })}
      />
    </span>
  )
}

function Result({ rotation, state }: { rotation: Rotation; state: Exclude<Rotation['state'], 'running'> }) {
  const { t } = useTranslation('credentials')
  const why = rotation.reason && describeReason(rotation.reason)
  const step = rotation.failedStep ? t(`rotation.steps.${rotation.failedStep}`) : ''
  const isUnproven = state === 'committed' && rotation.proof.length === 0
  return (
    <div className={c.result} data-state={state} role="alert">
      <StatusIcon of={resultStatus[state]} size={18} />
      <div>
        <p>{isUnproven ? t('rotation.resultText.committedUnproven') : t(`rotation.resultText.${state}`, { step })}</p>
        {why && (
          <p>
            <b>{why.message}</b> {why.hint}
          </p>
        )}
      </div>
    </div>
  )
}

function Cancel({ rotation }: { rotation: Rotation }) {
  const { t } = useTranslation('credentials')
  const [isAsking, setAsking] = useState(false)
  const id = rotation.credentialId
  const cancel = useMutation(api.credentials.cancelRotation.mutationOptions())
  const { isRollingBack } = standing(rotation)
  return (
    <>
      <Button
        variant="default"
        leftSection={<IconArrowBackUp size={16} stroke={1.6} />}
        disabled={isRollingBack || cancel.isPending}
        onClick={() => setAsking(true)}
      >
        {t(isRollingBack || cancel.isPending ? 'rotation.cancelling' : 'rotation.cancel')}
      </Button>
      <ConfirmDialog
        opened={isAsking}
        onClose={() => setAsking(false)}
        title={t('rotation.cancelTitle', { id })}
        confirm={t('rotation.cancelConfirm')}
        onConfirm={() => {
          setAsking(false)
          cancel.mutate({ id })
        }}
      >
        <p>{t('rotation.cancelText', { old: rotation.oldFingerprint ? spaced(rotation.oldFingerprint) : '' })}</p>
      </ConfirmDialog>
    </>
  )
}

function ProofSoFar({ rotation }: { rotation: Rotation }) {
  const { t } = useTranslation('credentials')
  const { answers } = standing(rotation)
  const { oldFingerprint, newFingerprint, proof } = rotation
  const isAsking = rotation.state === 'running' && proof.some((row) => row.fresh.state !== 'pass')
  return (
    <Panel
      title={t('rotation.proof')}
      note={answers.of > 0 ? t('rotation.asExpected', answers) : undefined}
      action={isAsking && <StatusLabel of="probing" />}
    >
      <div className={c.swap}>
        <span>
          <small>{t('rotation.oldLabel')}</small>
          {oldFingerprint && <Fingerprint hex={oldFingerprint} of={t('rotation.oldOf')} />}
        </span>
        <span className={c.arrow} aria-hidden />
        <span>
          <small>{t('rotation.newLabel')}</small>
          {newFingerprint ? (
            <Fingerprint hex={newFingerprint} of={t('rotation.newOf')} />
          ) : (
            <span className="dim">{rotation.state === 'running' ? t('rotation.noNew') : '–'}</span>
          )}
        </span>
      </div>
      {proof.length > 0 ? (
        <ProofMatrix rows={proof} fresh="new" />
      ) : (
        <p className={c.text}>{t(rotation.state === 'running' ? 'rotation.noProof' : 'rotation.noProofDone')}</p>
      )}
    </Panel>
  )
}

function IfFails({ rotation, sinks }: { rotation: Rotation; sinks: number }) {
  const { t } = useTranslation('credentials')
  return (
    <Panel title={t('rotation.ifFails')}>
      <p className={c.text}>
        <Trans
          t={t}
          i18nKey="rotation.ifFailsText"
          values={{
            old: rotation.oldFingerprint ? spaced(rotation.oldFingerprint) : '–',
            sinks: t('rotation.ifFailsSinks', { count: sinks }),
          }}
          components={{ print: <span className="mono" /> }}
        />
      </p>
    </Panel>
  )
}

function Journal({ rotation }: { rotation: Rotation }) {
  const { t } = useTranslation('credentials')
  const nameOf = useNameOf()
  const { startedBy } = rotation
  const by = t('history.by', { who: nameOf(startedBy) })
  return (
    <Panel title={t('rotation.journal')} note={t('rotation.journalNote')} flush>
      <ol className={c.journal}>
        {journalOf(rotation).map((entry) => (
          <li key={entry.key}>
            <time className="mono">{formatLogTime(entry.at)}</time>
            <span className="ellipsis">
              {entry.is === 'step' && t(`rotation.steps.${entry.step}`)}
              {entry.is === 'started' && t('rotation.startedBy', { by })}
              {entry.is === 'ended' && rotation.state !== 'running' && t(`rotation.result.${rotation.state}`)}
            </span>
          </li>
        ))}
      </ol>
    </Panel>
  )
}
