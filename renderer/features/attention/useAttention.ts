import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/query'
import type { AttentionItem } from './Attention'
import { reasonOf } from '../services/state'
import { describeReason } from '../../i18n'
import { useSeenGpus } from '../gpus/useGpus'
import { hrefOf } from '../../ui/route'
import { isBlocked, isPaused, isUnseen, isUp } from '../../../shared/service-state'

/** What stands at the foot of the rail and in the settings, and needs nobody. */
const standing = new Set(['demo.key-file'])

function useServiceItems(): AttentionItem[] {
  const { t } = useTranslation('overview')
  const services = useQuery(api.services.list.queryOptions()).data ?? []
  return services.filter(isBlocked).map((service): AttentionItem => {
    const { id, health } = service
    const isLocked = health.state === 'locked-out'
    const reason = reasonOf(service)
    const words = reason ? describeReason(reason) : null
    return {
      id: `service ${id}`,
      of: isLocked ? 'locked-out' : isPaused(service) ? 'paused' : 'unhealthy',
      title: t(`attention.${isLocked ? 'locked' : isPaused(service) ? 'paused' : 'unhealthy'}`, { id }),
      why: words ? `${words.message} ${words.hint}` : '',
      action: isLocked ? t('attention.why') : t('attention.seeService'),
      href: hrefOf('services', id, isLocked ? 'doctor' : undefined),
      since: health.since,
      urgent: true,
    }
  })
}

/** Docker is silent, and services live there. */
function useDockerItems(): AttentionItem[] {
  const { t } = useTranslation('overview')
  const unseen = (useQuery(api.services.list.queryOptions()).data ?? []).filter(isUnseen)
  const engine = useQuery({ ...api.docker.engine.queryOptions(), enabled: unseen.length > 0 }).data
  if (unseen.length === 0) return []
  const words = engine?.reason ? describeReason(engine.reason) : null
  return [
    {
      id: 'docker',
      of: 'unhealthy',
      title: words?.message ?? t('attention.docker'),
      why: [t('attention.dockerWhy', { count: unseen.length }), words?.hint].filter(Boolean).join(' '),
      action: t('attention.seeDocker'),
      href: hrefOf('services'),
      since: engine?.state === 'unreachable' ? engine.since : null,
      urgent: true,
    },
  ]
}

/** What differs or fails beside the ladder of services that work otherwise. */
function useContainerItems(): AttentionItem[] {
  const { t } = useTranslation('overview')
  const services = useQuery(api.services.list.queryOptions()).data ?? []
  return services
    .filter((service) => service.operation === null && isUp(service))
    .flatMap((service): AttentionItem[] => {
      const { id, health, pending } = service
      const see = { action: t('attention.seeService'), href: hrefOf('services', id) }
      const failed = isBlocked(service) ? [] : health.checks.filter(({ state }) => state === 'failed')
      const items = failed.flatMap((check): AttentionItem[] => {
        if (!check.reason) return []
        const { message, hint } = describeReason(check.reason)
        return [{ id: `check ${id} ${check.id}`, of: 'unhealthy', title: message, why: hint, ...see, since: check.at }]
      })
      if (pending) {
        const { message, hint } = describeReason(pending.reason)
        const title = t('attention.pending', { id })
        items.push({ id: `pending ${id}`, of: 'drifted', title, why: `${message} ${hint}`, ...see, since: null })
      }
      return items
    })
}

function useCredentialItems(): AttentionItem[] {
  const { t } = useTranslation('overview')
  const credentials = useQuery(api.credentials.list.queryOptions()).data ?? []
  const services = useQuery(api.services.list.queryOptions()).data ?? []
  const lockedOut = new Set(services.filter(isBlocked).map(({ credentialId }) => credentialId))
  return credentials
    .filter(({ id, state }) => (state === 'refused' && !lockedOut.has(id)) || state === 'drifted')
    .map(({ id, state, drifted, lastProof, changedAt }): AttentionItem => {
      const isDrift = state === 'drifted'
      return {
        id: `credential ${id}`,
        of: isDrift ? 'drifted' : 'refused',
        title: isDrift ? t('attention.drifted', { id, count: drifted }) : t('attention.refused', { id }),
        why: isDrift ? t('attention.driftedWhy', { count: drifted }) : t('attention.refusedWhy'),
        action: t('attention.seeCredential'),
        href: hrefOf('credentials', id),
        since: isDrift ? null : (lastProof?.at ?? changedAt),
      }
    })
}

/** A secret has grown old, and a person or a quiet moment is waited for. */
function useDueItems(): AttentionItem[] {
  const { t } = useTranslation('overview')
  const schedules = useQuery(api.credentials.schedules.queryOptions()).data ?? []
  return schedules
    .filter(({ state, wanted }) => state === 'due' || (state === 'postponed' && wanted === null))
    .map(({ credentialId: id, state, dueAt, reason }): AttentionItem => {
      const words = reason ? describeReason(reason) : null
      return {
        id: `due ${id}`,
        of: 'due',
        title: t(state === 'due' ? 'attention.due' : 'attention.postponed', { id }),
        why: words ? `${words.message} ${words.hint}` : t('attention.dueWhy'),
        action: t('attention.seeCredential'),
        href: hrefOf('credentials', id),
        since: dueAt,
      }
    })
}

/** What an administrator decides on the Settings page. */
const decisions: ReadonlySet<string> = new Set(['vault.rolled-back', 'vault.missing', 'vault.gone'])

function useStandingItems(): AttentionItem[] {
  const { t } = useTranslation('overview')
  const vault = useQuery(api.vault.status.queryOptions()).data
  const invalid = useQuery(api.services.invalid.queryOptions()).data ?? []
  const notices = useQuery(api.system.about.queryOptions()).data?.notices ?? []
  const items: AttentionItem[] = []
  if (vault?.state === 'locked' || vault?.state === 'unreadable') {
    const words = vault.reason ? describeReason(vault.reason) : null
    items.push({
      id: 'vault',
      of: vault.state === 'locked' ? 'locked-out' : 'unhealthy',
      title: t(`attention.vault.${decisions.has(vault.reason?.problem ?? '') ? 'waiting' : vault.state}`),
      why: words ? `${words.message} ${words.hint}` : t('attention.vaultWhy'),
      action: t('attention.openVault'),
      href: hrefOf(vault.state === 'unreadable' ? 'settings' : 'credentials'),
      since: null,
      urgent: true,
    })
  }
  if (invalid.length > 0) {
    items.push({
      id: 'invalid',
      of: 'warning',
      title: t('attention.invalid', { count: invalid.length }),
      why: t('attention.invalidWhy'),
      action: t('attention.seeServices'),
      href: hrefOf('services'),
      since: null,
    })
  }
  for (const notice of notices.filter(({ problem }) => !standing.has(problem))) {
    const { message, hint } = describeReason(notice)
    items.push({
      id: `notice ${notice.problem}`,
      of: 'warning',
      title: message,
      why: hint,
      action: t('attention.seeNotice'),
      href: notice.problem.startsWith('audit.') ? hrefOf('settings', 'audit') : hrefOf('settings'),
      since: null,
    })
  }
  return items
}

/** Faults of a card that pass only when somebody acts. */
const cardFaults: ReadonlySet<string> = new Set(['gpu.requires-reset', 'gpu.lost'])

function useGpuItems(): AttentionItem[] {
  const { t } = useTranslation('overview')
  const report = useSeenGpus()
  const faults = [report?.reason, ...(report?.gpus ?? []).map(({ warning }) => warning)].filter(
    (fault) => fault !== undefined && cardFaults.has(fault.problem),
  )
  return [...new Map(faults.map((fault) => [fault?.message, fault])).values()].flatMap((fault): AttentionItem[] => {
    if (!fault) return []
    const { message, hint } = describeReason(fault)
    const place = { action: t('attention.seeGpu'), href: hrefOf('gpus') }
    return [{ id: `gpu ${message}`, of: 'unhealthy', title: message, why: hint, ...place, since: null, urgent: true }]
  })
}

/** What needs a person, worst first: what blocks work, then what differs, then what should be known. */
export function useAttention(): AttentionItem[] {
  const items = [
    ...useDockerItems(),
    ...useServiceItems(),
    ...useGpuItems(),
    ...useStandingItems(),
    ...useContainerItems(),
    ...useCredentialItems(),
    ...useDueItems(),
  ]
  return items.toSorted((a, b) => Number(b.urgent ?? false) - Number(a.urgent ?? false))
}
