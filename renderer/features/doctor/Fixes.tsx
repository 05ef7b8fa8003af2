import { Button } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { DoctorFix, Service } from '../../../shared/contract'
import { useRecentGenerations } from '../gallery/useRecentGenerations'
import { useIsAdmin } from '../../api/useSession'
import { ConfirmDialog } from '../../ui/ConfirmDialog'
import { Failure } from '../../api/Failure'
import { jobsOf } from '../services/state'
import { ConnectionDialog } from './ConnectionDialog'
import { hrefOfAct, useFix } from './useFix'
import c from './Doctor.module.css'

/** A fix in words: what is done first, and what then. */
function useWords() {
  const { t } = useTranslation('doctor')
  return ({ acts }: DoctorFix) =>
    acts.map(({ kind }, index) => (index === 0 ? t(`act.${kind}`) : t(`then.${kind}`))).join(' ')
}

const costsJobs = ({ acts }: DoctorFix) => acts.some(({ kind }) => kind === 'restart' || kind === 'recreate')

interface FixesProps {
  service: Service
  fixes: readonly DoctorFix[]
  /** The first button is the way out, and looks it. */
  isMain: boolean
  /** Something was done: time to look again. */
  onDone: (fix: DoctorFix) => void
}

/** The buttons of a finding. What would cost running jobs asks first. */
export function Fixes({ service, fixes, isMain, onDone }: FixesProps) {
  const { t } = useTranslation('doctor')
  const isAdmin = useIsAdmin()
  const words = useWords()
  const [asked, setAsked] = useState<DoctorFix | null>(null)
  const [connecting, setConnecting] = useState<DoctorFix | null>(null)
  const { apply, isApplying, applying, error } = useFix({ onDone })
  const jobs = jobsOf(service, useRecentGenerations())
  const start = (fix: DoctorFix) => {
    setAsked(null)
    apply(fix)
  }
  const press = (fix: DoctorFix) => {
    if (fix.acts[0]?.kind === 'connection') setConnecting(fix)
    else if (jobs > 0 && costsJobs(fix)) setAsked(fix)
    else start(fix)
  }
  if (fixes.length === 0) return isMain ? <p className={c.byHand}>{t('byHand')}</p> : null
  return (
    <div className={c.fixes}>
      {fixes.map((fix, index) => {
        const look = { variant: isMain && index === 0 ? 'filled' : 'default' } as const
        const href = fix.acts[0] ? hrefOfAct(fix.acts[0]) : null
        return href === null ? (
          <Button
            key={fix.id}
            {...look}
            onClick={() => press(fix)}
            loading={isApplying && applying === fix.id}
            disabled={!isAdmin || isApplying}
          >
            {words(fix)}
          </Button>
        ) : (
          <Button key={fix.id} {...look} component="a" href={href}>
            {words(fix)}
          </Button>
        )
      })}
      {!isAdmin && <p className={c.byHand}>{t('adminOnly')}</p>}
      <Failure error={error} />
      {asked && (
        <ConfirmDialog
          opened
          onClose={() => setAsked(null)}
          title={words(asked)}
          confirm={words(asked)}
          onConfirm={() => start(asked)}
        >
          <p>{t('jobs', { count: jobs })}</p>
        </ConfirmDialog>
      )}
      {connecting && (
        <ConnectionDialog service={service} onClose={() => setConnecting(null)} onSaved={() => onDone(connecting)} />
      )}
    </div>
  )
}
