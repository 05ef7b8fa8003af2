import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { AttentionItem, AttentionKind } from '../../../shared/contract'
import { api } from '../../api/query'
import { useSeesAll } from '../../api/useSession'
import { useServiceName } from '../../api/useServiceName'
import { describeReason } from '../../i18n'
import { formatList } from '../../i18n/format'
import { useRecentGenerations } from '../gallery/useRecentGenerations'
import { askHref, attentionHref, hrefOf } from '../../ui/route'
import type { StatusKey } from '../../ui/Status'
import type { AttentionLine } from './Attention'

type Title =
  | 'locked'
  | 'paused'
  | 'unhealthy'
  | 'unreachable'
  | 'vault.waiting'
  | 'vault.locked'
  | 'vault.unreadable'
  | 'invalid'
  | 'pending'
  | 'update'
  | 'drifted'
  | 'refused'
  | 'due'
  | 'postponed'
type Why = 'vaultWhy' | 'invalidWhy' | 'driftedWhy' | 'refusedWhy' | 'dueWhy'
type Action =
  | 'why'
  | 'seeDocker'
  | 'seeService'
  | 'editService'
  | 'seeServices'
  | 'seeUpdate'
  | 'seeGpu'
  | 'openVault'
  | 'seeNotice'
  | 'seeCredential'
  | 'seePerson'

/** How a kind looks, and its words (`overview:attention.*`): without a title, the reason's; `why` where it has no reason. */
interface Look {
  of: StatusKey
  title?: Title
  why?: Why
  action: Action
}

const looks: Record<AttentionKind, Look> = {
  docker: { of: 'unhealthy', action: 'seeDocker' },
  'service-locked-out': { of: 'locked-out', title: 'locked', action: 'why' },
  'service-paused': { of: 'paused', title: 'paused', action: 'seeService' },
  'service-unhealthy': { of: 'unhealthy', title: 'unhealthy', action: 'seeService' },
  'service-unreachable': { of: 'unreachable', title: 'unreachable', action: 'editService' },
  gpu: { of: 'unhealthy', action: 'seeGpu' },
  'gpu-hot': { of: 'hot', action: 'seeGpu' },
  'gpu-slowed': { of: 'slowed', action: 'seeGpu' },
  'gpu-full': { of: 'full', action: 'seeGpu' },
  'vault-waiting': { of: 'unhealthy', title: 'vault.waiting', why: 'vaultWhy', action: 'openVault' },
  'vault-locked': { of: 'locked-out', title: 'vault.locked', why: 'vaultWhy', action: 'openVault' },
  'vault-unreadable': { of: 'unhealthy', title: 'vault.unreadable', why: 'vaultWhy', action: 'openVault' },
  invalid: { of: 'warning', title: 'invalid', why: 'invalidWhy', action: 'seeServices' },
  notice: { of: 'warning', action: 'seeNotice' },
  check: { of: 'unhealthy', action: 'seeService' },
  pending: { of: 'drifted', title: 'pending', action: 'seeService' },
  'update-failed': { of: 'unhealthy', title: 'update', action: 'seeUpdate' },
  'credential-drifted': { of: 'drifted', title: 'drifted', why: 'driftedWhy', action: 'seeCredential' },
  'credential-refused': { of: 'refused', title: 'refused', why: 'refusedWhy', action: 'seeCredential' },
  'rotation-due': { of: 'due', title: 'due', why: 'dueWhy', action: 'seeCredential' },
  'rotation-postponed': { of: 'due', title: 'postponed', why: 'dueWhy', action: 'seeCredential' },
  'rotation-failed': { of: 'unhealthy', action: 'seeCredential' },
  'leak-found': { of: 'warning', action: 'seeCredential' },
  'door-open': { of: 'unhealthy', action: 'seeService' },
  'backup-failed': { of: 'warning', action: 'seeNotice' },
  'backup-incomplete': { of: 'warning', action: 'seeNotice' },
  'backup-overdue': { of: 'warning', action: 'seeNotice' },
  'disk-low': { of: 'warning', action: 'seeNotice' },
  'golden-failed': { of: 'warning', action: 'seeService' },
  'golden-slower': { of: 'warning', action: 'seeService' },
  'queue-stuck': { of: 'warning', action: 'seeService' },
  'certificate-ending': { of: 'due', action: 'seeService' },
  'key-ending': { of: 'due', action: 'seePerson' },
  'alerts-undelivered': { of: 'warning', action: 'seeNotice' },
}

const isOfService = (kind: AttentionKind): boolean =>
  kind.startsWith('service-') || kind === 'check' || kind === 'pending' || kind === 'update-failed'

/** The services that something is about. */
const subjectsOf = ({ kind, subject, services = [] }: AttentionItem): string[] => [
  ...(subject !== null && isOfService(kind) ? [subject] : []),
  ...services,
]

/** How many of Regie's own generations wait for each service, as far as the last ones tell. */
function useWaiting(): (serviceId: string) => number {
  const generations = useRecentGenerations()
  return (serviceId) => generations.filter((one) => one.serviceId === serviceId && one.state === 'queued').length
}

/** What needs a person, in words. */
export function useAttentionLine(): (item: AttentionItem) => AttentionLine {
  const { t } = useTranslation('overview')
  const waitingFor = useWaiting()
  const nameOf = useServiceName()
  const costOf = ({ kind, subject, services = [] }: AttentionItem): string => {
    if (services.length > 0)
      return t('attention.onCard', { count: services.length, services: formatList(services.map(nameOf)) })
    const waiting = kind === 'service-unreachable' && subject !== null ? waitingFor(subject) : 0
    return waiting > 0 ? t('attention.wait', { count: waiting }) : ''
  }
  /** Its title, what is said beside it, what it affects and what to do. */
  const wordsOf = (item: AttentionItem) => {
    const { kind, subject, count, reason } = item
    const { title, why } = looks[kind]
    const words = reason && describeReason(reason)
    const hint = words?.hint ?? ''
    const values = { id: subject === null ? '' : isOfService(kind) ? nameOf(subject) : subject, count }
    if (kind === 'docker')
      return { title: words?.message ?? t('attention.docker'), said: '', costs: t('attention.dockerWhy', values), hint }
    const costs = costOf(item)
    if (title === undefined) return { title: words?.message ?? '', said: '', costs, hint }
    const said = words?.message ?? (why ? t(`attention.${why}`, values) : '')
    return { title: t(`attention.${title}`, values), said, costs, hint }
  }
  return (item) => {
    const { id, kind, subject, since, urgent, leadsTo } = item
    const { of, action } = looks[kind]
    const words = wordsOf(item)
    const { said, costs, hint } = words
    const why = (kind === 'docker' ? [costs, hint] : [said, hint, costs]).filter((part) => part !== '').join(' ')
    const href =
      action === 'editService' && subject !== null
        ? askHref(subject, 'edit')
        : hrefOf(leadsTo.page, leadsTo.id, leadsTo.tab)
    const details = attentionHref(id)
    const service = subject !== null && isOfService(kind) ? { id: subject, name: nameOf(subject) } : null
    const subjects = subjectsOf(item).map((one) => ({ id: one, name: nameOf(one) }))
    const rest = { action: t(`attention.${action}`), href, details, since, urgent, service, subjects }
    return { id, of, ...words, why, ...rest }
  }
}

/** What needs a person in words, worst first. The panel decides what does. */
export function useAttention(): AttentionLine[] {
  const items = useQuery({ ...api.attention.read.queryOptions(), enabled: useSeesAll() }).data?.items ?? []
  return items.map(useAttentionLine())
}
