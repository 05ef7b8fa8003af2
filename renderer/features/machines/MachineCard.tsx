import { Button } from '@mantine/core'
import { IconPencil, IconPlugConnectedX } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { cardName } from '../../../shared/cards'
import type { Machine, MachineGpu } from '../../../shared/contract'
import { Failure } from '../../api/Failure'
import { api } from '../../api/query'
import { describeReason } from '../../i18n'
import { formatGiBNumber, formatInteger, formatMiB } from '../../i18n/format'
import { Age, Ago } from '../../ui/Ago'
import { DotsButton } from '../../ui/DotsButton'
import { MenuButton } from '../../ui/MenuButton'
import { Facts } from '../../ui/Panel'
import { hrefOf } from '../../ui/route'
import { StatusPill } from '../../ui/Status'
import { Checks } from './Checks'
import { shownAddress } from './draft'
import c from './Machines.module.css'

function Pill({ machine: { state, since, isLocal } }: { machine: Machine }) {
  const { t } = useTranslation('machines')
  switch (state) {
    case 'connected':
      return <StatusPill of="ready" word={t('state.connected')} />
    case 'connecting':
      return <StatusPill of="starting" word={t('state.connecting')} />
    case 'away':
      if (isLocal) return <StatusPill of="unreachable" word={t('state.noDocker')} />
      return <StatusPill of="unknown" word={t('state.away')} detail={<Age since={since} />} />
  }
}

function Gpu({ gpu, isOld }: { gpu: MachineGpu; isOld: boolean }) {
  const { t } = useTranslation('machines')
  const { memoryUsedMiB: used, memoryTotalMiB: total, temperatureC } = gpu
  const figures = [
    temperatureC === null ? null : `${formatInteger(temperatureC)} °C`,
    used === null || total === null ? null : t('ofSize', { used: formatGiBNumber(used), size: formatMiB(total) }),
  ].filter((figure) => figure !== null)
  return (
    <li className={c.gpu}>
      <b>{cardName(gpu.name)}</b>
      <span className="num">{figures.join(', ') || t('unknown')}</span>
      <span className={c.bar} data-old={isOld || undefined} data-tells aria-hidden>
        <i style={{ width: `${used === null || !total ? 0 : (used / total) * 100}%` }} />
      </span>
    </li>
  )
}

function Gpus({ machine: { gpus, state, isLocal } }: { machine: Machine }) {
  const { t } = useTranslation('machines')
  // Regie's own cards are read without Docker.
  const isOld = (state === 'away' && !isLocal) || gpus.state === 'unknown'
  const why = gpus.reason && describeReason(gpus.reason).message
  return (
    <section className={c.part}>
      <h3>
        {t('gpus')}
        {isOld && gpus.at !== null && gpus.cards.length > 0 && (
          <small>
            {t('seen')} <Ago at={gpus.at} />
          </small>
        )}
      </h3>
      {gpus.cards.length > 0 ? (
        <ul>
          {gpus.cards.map((gpu) => (
            <Gpu key={gpu.uuid} gpu={gpu} isOld={isOld} />
          ))}
        </ul>
      ) : (
        <p className={c.note}>{why ?? t('unknown')}</p>
      )}
    </section>
  )
}

function Projects({ machine: { projects, state } }: { machine: Machine }) {
  const { t } = useTranslation('machines')
  if (projects.length === 0) return null
  const isUnknown = state === 'away'
  return (
    <section className={c.part}>
      <h3>{t('projects')}</h3>
      <ul>
        {projects.map(({ name, running, all }) => (
          <li key={name} className={c.project}>
            <span className="ellipsis" title={name}>
              {name}
            </span>
            <span className="num">{isUnknown ? t('unknown') : t('running', { running, count: all })}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}

interface MachineCardProps {
  machine: Machine
  onEdit: () => void
  onDetach: () => void
}

function Head({ machine }: { machine: Machine }) {
  const { t } = useTranslation('machines')
  const { name, isLocal } = machine
  return (
    <header>
      <div className={c.title}>
        <h2 className="ellipsis" title={name}>
          {name}
        </h2>
        {isLocal && <span className={c.tag}>{t('local')}</span>}
        <code className="ellipsis" title={shownAddress(machine)}>
          {shownAddress(machine)}
        </code>
      </div>
      <Pill machine={machine} />
    </header>
  )
}

function About({ machine: { engine, gpus, containers, state } }: { machine: Machine }) {
  const { t } = useTranslation('machines')
  const [driver] = gpus.cards
  const unknown = <span className="dim">{t('unknown')}</span>
  const isKnown = containers !== null && state !== 'away'
  return (
    <Facts
      labelWidth={96}
      rows={[
        [t('system'), engine?.operatingSystem ?? unknown],
        [t('engine'), engine?.version ?? unknown],
        [t('driver'), driver?.driverVersion ?? unknown],
        [t('containers'), isKnown ? t('running', { running: containers.running, count: containers.all }) : unknown],
      ]}
    />
  )
}

/** What can be done with a machine beside testing it. */
function More({ machine: { name, isLocal }, onEdit, onDetach }: MachineCardProps) {
  const { t } = useTranslation('machines')
  if (isLocal)
    return (
      <Button variant="subtle" size="xs" component="a" href={hrefOf('settings', 'docker')} className={c.end}>
        {t('dockerSettings')}
      </Button>
    )
  return (
    <span className={c.end}>
      <MenuButton
        entries={() => [
          { type: 'act', key: 'edit', label: t('edit'), icon: IconPencil, onClick: onEdit },
          { type: 'act', key: 'detach', label: t('detach'), icon: IconPlugConnectedX, onClick: onDetach, isBad: true },
        ]}
      >
        <DotsButton label={t('more', { name })} />
      </MenuButton>
    </span>
  )
}

/** One machine: how it is reached, what it is, its cards, and what runs there. What is of before it went away says so. */
export function MachineCard(props: MachineCardProps) {
  const { machine } = props
  const { id, name, isLocal, state, since, seenAt } = machine
  const { t } = useTranslation('machines')
  /** In which state of it the machine was tested: what was found holds no longer than that. */
  const [testedSince, setTestedSince] = useState<number | null>(null)
  const test = useMutation(api.machines.test.mutationOptions({ meta: { quiet: true } }))
  const isAway = state === 'away' && !isLocal
  return (
    <article className={c.card} aria-label={name} data-away={isAway || undefined}>
      <Head machine={machine} />
      <About machine={machine} />
      <Gpus machine={machine} />
      <Projects machine={machine} />
      {testedSince === since && test.data && <Checks test={test.data} />}
      <Failure error={test.error} />
      <footer>
        <Button
          variant="default"
          size="xs"
          loading={test.isPending}
          aria-label={t('test.of', { name })}
          onClick={() => {
            setTestedSince(since)
            test.mutate({ id })
          }}
        >
          {t('test.run')}
        </Button>
        {isAway && seenAt !== null && (
          <span className={c.note}>
            {t('seen')} <Ago at={seenAt} />
          </span>
        )}
        <More {...props} />
      </footer>
    </article>
  )
}
