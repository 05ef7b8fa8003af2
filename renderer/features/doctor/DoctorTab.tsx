import { Button } from '@mantine/core'
import { IconBan, IconStethoscope } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Diagnosis, DoctorFinding, DoctorFix, Service } from '../../../shared/contract'
import { client } from '../../api/client'
import { useStream } from '../../api/useStream'
import { describeReason } from '../../i18n'
import { Ago } from '../../ui/Ago'
import { Panel } from '../../ui/Panel'
import { Empty, Loading } from '../../ui/States'
import { StatusIcon } from '../../ui/Status'
import { EvidenceLines, WalkedCause } from './Finding'
import { Fixes } from './Fixes'
import { Walk } from './Walk'
import c from './Doctor.module.css'
import { ErrorState } from '../../api/Loaded'

interface Run {
  count: number
  /** Cancelled, or left: nothing is asked any more. */
  isStopped: boolean
  diagnosis: Diagnosis | null
  error: unknown
  /** What was named before something was done about it. */
  before: { diagnosis: Diagnosis; fix: DoctorFix } | null
}

/** Runs at once, shows each step, and runs again after a fix. */
function useDiagnosis(serviceId: string) {
  const [run, setRun] = useState<Run>({ count: 0, isStopped: false, diagnosis: null, error: null, before: null })
  const isOver = run.isStopped || run.error !== null || run.diagnosis?.state === 'done'
  useStream<Diagnosis>(isOver ? null : `${serviceId} ${run.count}`, {
    open: (signal) => client.doctor.watch({ id: serviceId }, { signal }),
    onEvent: (diagnosis) => setRun((now) => ({ ...now, diagnosis })),
    onRefused: (error) => setRun((now) => ({ ...now, error })),
    ends: true,
  })
  const again = (fix?: DoctorFix) =>
    setRun((now) => ({
      count: now.count + 1,
      isStopped: false,
      diagnosis: null,
      error: null,
      before: fix && now.diagnosis ? { diagnosis: now.diagnosis, fix } : null,
    }))
  return { ...run, again, stop: () => setRun((now) => ({ ...now, isStopped: true })) }
}

/** The named cause: what it is, what tells so, and its buttons. */
function Named({
  service,
  finding,
  onDone,
}: {
  service: Service
  finding: DoctorFinding
  onDone: (fix: DoctorFix) => void
}) {
  const { t } = useTranslation('doctor')
  const words = finding.reason && describeReason(finding.reason)
  const isOpen = finding.severity === 'danger'
  return (
    <section className={c.named} data-open={isOpen || undefined} role="alert" aria-label={t(`cause.${finding.cause}`)}>
      <StatusIcon of={isOpen ? 'failed' : 'locked-out'} size={20} />
      <div>
        <small>{t(isOpen ? 'isOpen' : 'isCause')}</small>
        <h2>{words?.message}</h2>
        <p>{words?.hint}</p>
        <h3>{t('evidence')}</h3>
        <EvidenceLines lines={finding.evidence} />
        <Fixes service={service} fixes={finding.fixes} isMain onDone={onDone} />
      </div>
    </section>
  )
}

/** What is so as well, and is not what keeps the credential out. */
function Present({
  service,
  finding,
  onDone,
}: {
  service: Service
  finding: DoctorFinding
  onDone: (fix: DoctorFix) => void
}) {
  const words = finding.reason && describeReason(finding.reason)
  return (
    <li className={c.present} data-severity={finding.severity}>
      <StatusIcon of={finding.severity === 'danger' ? 'failed' : 'warning'} />
      <div>
        <h3>{words?.message}</h3>
        <p>{words?.hint}</p>
        <EvidenceLines lines={finding.evidence} />
        <Fixes service={service} fixes={finding.fixes} isMain={false} onDone={onDone} />
      </div>
    </li>
  )
}

/** What became of the cause that something was done about. */
function Changed({ before, now }: { before: Diagnosis; now: Diagnosis }) {
  const { t } = useTranslation('doctor')
  if (before.cause === null) return null
  const is = now.verdict === 'well' ? 'mended' : now.cause === before.cause ? 'same' : 'other'
  return (
    <p className={c.changed} data-is={is} role="status">
      <StatusIcon of={is === 'mended' ? 'proven' : 'warning'} />
      {t(`changed.${is}`, { before: t(`cause.${before.cause}`) })}
    </p>
  )
}

function Result({
  service,
  diagnosis,
  onDone,
}: {
  service: Service
  diagnosis: Diagnosis
  onDone: (fix: DoctorFix) => void
}) {
  const { t } = useTranslation('doctor')
  const { findings, verdict, url } = diagnosis
  const named = findings.find(({ state }) => state === 'cause')
  const present = findings.filter(({ state }) => state === 'present')
  const others = findings.filter(({ state }) => state === 'unknown' || state === 'ruled-out')
  return (
    <>
      {named && <Named service={service} finding={named} onDone={onDone} />}
      {verdict === 'well' && (
        <section className={c.named} data-well role="status">
          <StatusIcon of="proven" size={20} />
          <div>
            <h2>{t('well.title')}</h2>
            <p>{t('well.text', { url })}</p>
          </div>
        </section>
      )}
      {verdict === 'unknown' && (
        <section className={c.named} data-unknown role="status">
          <StatusIcon of="unknown" size={20} />
          <div>
            <h2>{t('unknown.title')}</h2>
            <p>{t('unknown.text')}</p>
          </div>
        </section>
      )}
      {present.length > 0 && (
        <Panel title={t('present')} note={present.length}>
          <ul className={c.list}>
            {present.map((finding) => (
              <Present key={finding.cause} service={service} finding={finding} onDone={onDone} />
            ))}
          </ul>
        </Panel>
      )}
      <Panel title={t('walked')} note={t('walkedNote', { count: others.length })}>
        <ul className={c.list}>
          {others.map((finding) => (
            <WalkedCause key={finding.cause} finding={finding} />
          ))}
        </ul>
      </Panel>
    </>
  )
}

/** Why a service refuses its credential: the known causes, walked one by one, and the named one with its way out. */
export default function DoctorTab({ service }: { service: Service }) {
  const { t } = useTranslation('doctor')
  const { diagnosis, error, isStopped, before, again, stop } = useDiagnosis(service.id)
  const isRunning = !isStopped && error === null && diagnosis?.state !== 'done'
  if (error !== null) return <ErrorState error={error} onRetry={() => again()} />
  if (isStopped)
    return (
      <Empty
        icon={IconStethoscope}
        title={t('stopped.title')}
        action={
          <Button variant="light" onClick={() => again()}>
            {t('again')}
          </Button>
        }
      >
        {t('stopped.text')}
      </Empty>
    )
  return (
    <div className={c.page}>
      <Panel
        title={t('title')}
        note={diagnosis?.finishedAt ? <Ago at={diagnosis.finishedAt} /> : t('note')}
        action={
          isRunning ? (
            <Button variant="default" size="xs" leftSection={<IconBan size={15} stroke={1.6} />} onClick={stop}>
              {t('cancel')}
            </Button>
          ) : (
            <Button
              variant="default"
              size="xs"
              leftSection={<IconStethoscope size={15} stroke={1.6} />}
              onClick={() => again()}
            >
              {t('again')}
            </Button>
          )
        }
      >
        {diagnosis ? <Walk diagnosis={diagnosis} /> : <Loading rows={2} />}
      </Panel>
      {diagnosis?.state === 'done' && (
        <>
          {before && <Changed before={before.diagnosis} now={diagnosis} />}
          <Result key={diagnosis.startedAt} service={service} diagnosis={diagnosis} onDone={again} />
        </>
      )}
    </div>
  )
}
