import { useTranslation } from 'react-i18next'
import { alertRules, type AlertRuleId } from '../../../shared/alert-rules'
import type { Alert, AlertChannel, AlertRule, AlertTarget } from '../../../shared/contract'
import { serviceName } from '../../../shared/service-name'
import { useQuery } from '@tanstack/react-query'
import { api, queryClient } from '../../api/query'
import { currentLanguage, describeReason } from '../../i18n'

export const ruleWords = (id: AlertRuleId): string => alertRules[id].words[currentLanguage()]

/** What a subject is called: a service by its name. */
export function useNameOf(): (subject: string) => string {
  const services = useQuery(api.services.list.queryOptions()).data ?? []
  const names = new Map(services.map((service) => [service.id, serviceName(service)]))
  return (subject) => names.get(subject) ?? subject
}

/** An alert in words: what is the matter with what, and why. */
export function alertWords({ rule, subject, reason }: Alert, nameOf: (subject: string) => string) {
  const what = ruleWords(rule)
  return {
    title: subject === null ? what : `${what}: ${nameOf(subject)}`,
    why: reason ? describeReason(reason).message : '',
  }
}

/** For how long it must last, and when it is over. */
export function useRuleWords(): (rule: AlertRule) => { lasts: string; over: string; limit: string } {
  const { t } = useTranslation('alerts')
  return ({ id, forSec, overSec, limit }) => {
    const own = alertRules[id].limit
    const value = (n: number) => (own ? t(`units.${own.unit}`, { n }) : '')
    const isAbove = own?.is === 'above'
    const span = (sec: number) =>
      sec % 60 === 0 ? t('units.minutes', { n: sec / 60 }) : t('units.seconds', { n: sec })
    const gone = overSec === 0 ? t('rules.gone') : t('rules.goneFor', { time: span(overSec) })
    const ends = own && limit ? t(isAbove ? 'rules.below' : 'rules.above', { value: value(limit.ends) }) : null
    return {
      lasts: forSec === 0 ? t('rules.atOnce') : span(forSec),
      over: ends ?? gone,
      limit: own && limit ? t(isAbove ? 'rules.above' : 'rules.below', { value: value(limit.begins) }) : '',
    }
  }
}

/** Where a channel leads, in words that hold no secret. */
export function useWhere(): (target: AlertTarget) => string {
  const { t } = useTranslation('alerts')
  return (target) => {
    switch (target.kind) {
      case 'email':
        return t('where.email', { to: target.to.join(', '), host: target.host, port: target.port })
      case 'webhook':
        return t('where.webhook', { url: target.url })
      case 'ntfy':
        return t('where.ntfy', { topic: target.topic, server: target.server.replace(/^https?:\/\//, '') })
      case 'desktop':
      case 'discord':
      case 'slack':
        return t(`where.${target.kind}`)
    }
  }
}

/** The names of channels by their ids; one that is gone keeps its id. */
export const channelNames = (channels: readonly AlertChannel[]) => {
  const names = new Map(channels.map(({ id, name }) => [id, name]))
  return (ids: readonly string[]): string[] => ids.map((id) => names.get(id) ?? id)
}

export const readAlertsAgain = (): void => void queryClient.invalidateQueries({ queryKey: api.alerts.key() })
