import { Button, SegmentedControl } from '@mantine/core'
import { IconPlugConnectedX, IconRefresh } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { EngineStatus } from '../../../shared/contract'
import { dockerCommands } from '../../../shared/docker-commands'
import { api } from '../../api/query'
import { useNow } from '../../ui/useNow'
import { describeReason } from '../../i18n'
import { formatList } from '../../i18n/format'
import { Panel } from '../../ui/Panel'
import { Command } from '../../ui/States'
import { StatusIcon } from '../../ui/Status'
import { AddressButton } from './AddressButton'
import { Tried } from './Tried'
import c from './Docker.module.css'

const platforms = ['linux', 'windows', 'macos'] as const

type Step = 'install' | 'start' | 'permission' | 'mend'

/** What to do first: as the failure says, and then what usually comes next. */
function stepsFor(problem: string | undefined): { first: Step; second: Step | null } {
  if (problem?.startsWith('docker.not-installed')) return { first: 'install', second: 'start' }
  if (problem?.startsWith('docker.permission')) return { first: 'permission', second: 'start' }
  if (problem?.startsWith('docker.not-running') || problem === 'docker.starting')
    return { first: 'start', second: 'permission' }
  return { first: 'mend', second: null }
}

function Countdown({ at }: { at: number }) {
  const { t } = useTranslation('docker')
  const now = useNow()
  return <span className="num dim">{t('next', { seconds: Math.max(0, Math.ceil((at - now) / 1000)) })}</span>
}

/** Asks for another look at once; the answer is in the cache when it settles. */
export function TryNow({ engine, filled }: { engine: EngineStatus; filled?: boolean }) {
  const { t } = useTranslation('docker')
  const cache = useQueryClient()
  const look = useMutation(
    api.docker.reconnect.mutationOptions({
      onSuccess: (status) => cache.setQueryData(api.docker.engine.queryKey(), status),
    }),
  )
  return (
    <div className={c.retry}>
      {engine.nextTryAt !== null && !look.isPending && <Countdown at={engine.nextTryAt} />}
      <Button
        variant={filled ? 'filled' : 'default'}
        leftSection={<IconRefresh size={16} />}
        onClick={() => look.mutate(undefined)}
        loading={look.isPending}
      >
        {t('tryNow')}
      </Button>
    </div>
  )
}

function Instructions({ engine }: { engine: EngineStatus }) {
  const { t } = useTranslation('docker')
  const [platform, setPlatform] = useState(engine.platform)
  const { first, second } = stepsFor(engine.reason?.problem)
  /** On this system the core knows the very command; for the others there are the usual ones. */
  const commandOf = (step: Step) => {
    const own = step === first && platform === engine.platform ? engine.command : undefined
    return own ?? (step === 'mend' ? null : dockerCommands[step][platform])
  }
  const item = (step: Step): ReactNode => {
    const command = commandOf(step)
    if (step === 'mend' && command === null) return null
    return (
      <li key={step}>
        <span>{step === 'mend' ? t('step.mend') : t(`step.${step}.${platform}`)}</span>
        {command !== null && <Command>{command}</Command>}
      </li>
    )
  }
  return (
    <div className={c.fix}>
      <div className={c.fixHead}>
        <h3>{t(`fix.${first}`)}</h3>
        {first !== 'mend' && (
          <SegmentedControl
            data={platforms.map((value) => ({ value, label: t(`platform.${value}`) }))}
            value={platform}
            onChange={setPlatform}
            aria-label={t('platform.label')}
          />
        )}
      </div>
      <ol className={c.steps}>
        {item(first)}
        {second !== null && item(second)}
        <li>
          <span>{engine.address === null ? t('step.address') : t('step.correct')}</span>
          <div>
            <AddressButton engine={engine} />
          </div>
        </li>
      </ol>
    </div>
  )
}

function StillWorks() {
  const { t } = useTranslation('docker')
  const services = useQuery(api.services.list.queryOptions()).data ?? []
  const others = services.filter(({ runtime }) => runtime !== 'compose').map(({ id }) => id)
  const works: [string, string][] = [
    ...(others.length > 0
      ? [[formatList(others), t('works.services', { count: others.length })] satisfies [string, string]]
      : []),
    [t('works.gallery'), t('works.galleryWhy')],
    [t('works.vault'), t('works.vaultWhy')],
    [t('works.gpus'), t('works.gpusWhy')],
  ]
  return (
    <Panel title={t('works.title')}>
      <ul className={c.works}>
        {works.map(([what, why]) => (
          <li key={what}>
            <StatusIcon of="ready" size={15} />
            <span title={what}>{what}</span>
            <span className="dim" title={why}>
              {why}
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  )
}

/** Docker does not answer: why, what mends it, what was tried, and what goes on without it. */
export default function Unreachable({ engine }: { engine: EngineStatus }) {
  const { t } = useTranslation('docker')
  const { message, hint } = engine.reason ? describeReason(engine.reason) : { message: t('unreachable'), hint: '' }
  return (
    <>
      <section className={c.error} role="alert">
        <header className={c.head}>
          <span className={c.icon}>
            <IconPlugConnectedX size={22} stroke={1.6} aria-hidden />
          </span>
          <div className={c.headText}>
            <h2>{message}</h2>
            <p>{hint}</p>
          </div>
          <TryNow engine={engine} filled />
        </header>
        <Instructions engine={engine} />
      </section>
      <div className={c.pair}>
        <Tried engine={engine} />
        <StillWorks />
      </div>
    </>
  )
}
