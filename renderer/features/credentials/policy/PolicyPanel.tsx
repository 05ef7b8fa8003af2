import { Button, Menu } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { IconArrowBackUp, IconBellOff } from '@tabler/icons-react'
import { Suspense, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Credential, Rotation, RotationPolicy, RotationSchedule } from '../../../../shared/contract'
import { client } from '../../../api/client'
import { api } from '../../../api/query'
import { Ago } from '../../../ui/Ago'
import { ConfirmDialog } from '../../../ui/ConfirmDialog'
import { Facts, Panel, PanelAction } from '../../../ui/Panel'
import { StatusLabel, type StatusKey } from '../../../ui/Status'
import { useNow } from '../../../ui/useNow'
import { useIsAdmin } from '../../../api/useSession'
import { currentLanguage, describeReason } from '../../../i18n'
import { formatExact, formatList } from '../../../i18n/format'
import { useNameOf } from '../useNameOf'
import { ageInDays } from '../words'
import c from './Policy.module.css'
import { dayName, isDue, useSchedule } from './schedules'
import { lazyPart } from '../../../ui/parts'

const PolicyDialog = lazyPart(() => import('./PolicyDialog'))

const looks = {
  off: 'idle',
  later: 'idle',
  due: 'due',
  snoozed: 'idle',
  waiting: 'waiting',
  postponed: 'warning',
  rotating: 'rotating',
} satisfies Record<RotationSchedule['state'], StatusKey>

interface PolicyPanelProps {
  credential: Credential
  /** A rotation to the previous secret has begun. */
  onStarted: (rotation: Rotation) => void
}

/** How often a credential is rotated, where it stands by that, and the way back to the secret before. */
export function PolicyPanel({ credential, onStarted }: PolicyPanelProps) {
  const { t } = useTranslation('policy')
  const isAdmin = useIsAdmin()
  const schedule = useSchedule(credential.id)
  const [isEditing, setEditing] = useState(false)
  const days = ageInDays(credential, useNow(60_000))
  return (
    <Panel
      title={t('panel.title')}
      action={isAdmin && schedule && <PanelAction onClick={() => setEditing(true)}>{t('panel.edit')}</PanelAction>}
    >
      <div className={c.panel}>
        <Facts
          labelWidth={112}
          rows={[
            [t('panel.policy'), schedule ? <PolicyWords policy={schedule.policy} /> : null],
            [
              t('panel.age'),
              <span key="age" title={formatExact(credential.changedAt)}>
                {days === 0 ? t('panel.today') : t('panel.old', { count: days })}
              </span>,
            ],
            [t('panel.due'), schedule?.dueAt ? <Ago key="due" at={schedule.dueAt} /> : null],
            [t('panel.previous'), <Previous key="previous" credential={credential} onStarted={onStarted} />],
          ]}
        />
        {schedule && schedule.state !== 'off' && schedule.state !== 'later' && <Standing schedule={schedule} />}
      </div>
      {isEditing && schedule && (
        <Suspense>
          <PolicyDialog credential={credential} policy={schedule.policy} onClose={() => setEditing(false)} />
        </Suspense>
      )}
    </Panel>
  )
}

function PolicyWords({ policy: { mode, everyDays, window } }: { policy: RotationPolicy }) {
  const { t } = useTranslation('policy')
  const names = window.days.toSorted().map((day) => dayName(day, currentLanguage()))
  const on = names.length === 7 ? t('panel.everyDay') : t('panel.on', { days: formatList(names) })
  const words = t(`panel.mode.${mode}`, {
    days: t('panel.days', { count: everyDays }),
    window: t('panel.window', { from: window.from, to: window.to, on }),
  })
  return <span title={words}>{words}</span>
}

/** The state, why, when Regie looks again, and what a person can do about it. */
function Standing({ schedule }: { schedule: RotationSchedule }) {
  const { t } = useTranslation('policy')
  const nameOf = useNameOf()
  const isAdmin = useIsAdmin()
  const { credentialId: id, state, reason, nextAt, wanted, snoozedUntil } = schedule
  const withdraw = useMutation(api.credentials.rotateWhenIdle.mutationOptions())
  const snooze = useMutation(api.credentials.snooze.mutationOptions())
  const why = reason ? describeReason(reason) : null
  return (
    <div className={c.standing} data-state={state} role="status">
      <div className={c.standingText}>
        <StatusLabel
          of={looks[state]}
          word={t(`panel.states.${state}`)}
          detail={
            nextAt !== null && (state === 'postponed' || state === 'waiting') && <Next at={nextAt} state={state} />
          }
        />
        {why && (
          <p>
            {why.message} {why.hint}
          </p>
        )}
        {wanted && <p>{t('panel.wanted', { who: nameOf(wanted.by) })}</p>}
        {state === 'snoozed' && snoozedUntil !== null && (
          <p>{t('panel.snoozed', { until: formatExact(snoozedUntil) })}</p>
        )}
      </div>
      {isAdmin && (
        <div className={c.standingActions}>
          {wanted && (
            <Button
              variant="default"
              size="compact-sm"
              loading={withdraw.isPending}
              onClick={() => withdraw.mutate({ id, wanted: false })}
            >
              {t('panel.withdraw')}
            </Button>
          )}
          {state === 'snoozed' && (
            <Button variant="default" size="compact-sm" onClick={() => snooze.mutate({ id, until: null })}>
              {t('panel.wake')}
            </Button>
          )}
          {isDue(schedule) && <SnoozeMenu onSnooze={(until) => snooze.mutate({ id, until })} />}
        </div>
      )}
    </div>
  )
}

function Next({ at, state }: { at: number; state: 'postponed' | 'waiting' }): ReactNode {
  const { t } = useTranslation('policy')
  return (
    <>
      {t(state === 'postponed' ? 'panel.nextTry' : 'panel.nextWindow')} <Ago at={at} />
    </>
  )
}

const dayMs = 86_400_000
const snoozes = { day: 1, week: 7, month: 30 } as const

function SnoozeMenu({ onSnooze }: { onSnooze: (until: number) => void }) {
  const { t } = useTranslation('policy')
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <Button variant="default" size="compact-sm" leftSection={<IconBellOff size={14} stroke={1.6} />}>
          {t('panel.snooze')}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {(['day', 'week', 'month'] as const).map((length) => (
          <Menu.Item key={length} onClick={() => onSnooze(Date.now() + snoozes[length] * dayMs)}>
            {t(`panel.snoozeFor.${length}`)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}

/** Until when the secret before is kept, and the way back to it. */
function Previous({ credential: { id, previousUntil, state }, onStarted }: PolicyPanelProps) {
  const { t } = useTranslation('policy')
  const isAdmin = useIsAdmin()
  const [isAsking, setAsking] = useState(false)
  const [operationId, setOperationId] = useState('')
  const goBack = useMutation({
    mutationFn: () => client.credentials.rotateBack({ id, operationId, wait: false }),
    onSuccess: onStarted,
    onSettled: () => setAsking(false),
  })
  if (previousUntil === null) return t('panel.notKept')
  return (
    <span className={c.previous}>
      <span>{t('panel.kept', { until: formatExact(previousUntil) })}</span>
      {isAdmin && (
        <Button
          variant="default"
          size="compact-xs"
          leftSection={<IconArrowBackUp size={14} stroke={1.6} />}
          disabled={state === 'rotating'}
          onClick={() => {
            setOperationId(crypto.randomUUID())
            setAsking(true)
          }}
        >
          {t('panel.goBack')}
        </Button>
      )}
      <ConfirmDialog
        opened={isAsking}
        title={t('back.title', { id })}
        confirm={t('back.confirm')}
        onConfirm={() => goBack.mutate()}
        busy={goBack.isPending}
        onClose={() => setAsking(false)}
      >
        {t('back.text')}
      </ConfirmDialog>
    </span>
  )
}
