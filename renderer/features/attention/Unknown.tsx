import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Attention, AttentionKind } from '../../../shared/contract'
import { alertRules, alertRuleOf } from '../../../shared/alert-rules'
import { useServiceName } from '../../api/useServiceName'
import { currentLanguage } from '../../i18n'
import { formatList } from '../../i18n/format'
import { hrefOf, leaksHref } from '../../ui/route'
import { StatusIcon } from '../../ui/Status'
import c from './AttentionPage.module.css'

/** How to find out what cannot be told; each is asked for once, whatever hangs on it. */
type Way = 'cards' | 'secrets' | 'leaks' | 'other'

const wayOf = (kind: AttentionKind): Way => {
  if (kind.startsWith('gpu')) return 'cards'
  if (kind.startsWith('credential-') || kind.startsWith('rotation-')) return 'secrets'
  return kind === 'leak-found' ? 'leaks' : 'other'
}

const places: Record<Way, string> = {
  cards: hrefOf('gpus'),
  secrets: hrefOf('credentials'),
  leaks: leaksHref,
  other: hrefOf('settings'),
}

interface Line {
  key: string
  what: string
  how: string
  action: string
  href: string
}

const kindWords = (kind: AttentionKind): string => {
  const rule = alertRuleOf({ kind })
  return rule === null ? kind : alertRules[rule].words[currentLanguage()]
}

/** What cannot be told just now, with how to find out. */
function useUnknown({ kinds, services }: Attention['unknown']): Line[] {
  const { t } = useTranslation('attention')
  const nameOf = useServiceName()
  const ways = [...new Set(kinds.map(wayOf))].filter((way) => way !== 'other')
  const others = kinds.filter((kind) => wayOf(kind) === 'other')
  return [
    ...ways.map((way) => ({
      key: way,
      what: t(`unknown.${way}`),
      how: t(`unknown.${way}How`),
      action: t(`unknown.${way}Do`),
      href: places[way],
    })),
    ...others.map((kind) => ({
      key: kind,
      what: kindWords(kind),
      how: t('unknown.otherHow'),
      action: t('unknown.otherDo'),
      href: places.other,
    })),
    ...(services.length === 0
      ? []
      : [
          {
            key: 'services',
            what: t('unknown.services', {
              count: services.length,
              services: formatList(services.map(nameOf)),
            }),
            how: t('unknown.servicesHow'),
            action: t('unknown.servicesDo'),
            href: hrefOf('services'),
          },
        ]),
  ]
}

/** What is not in the list because nobody knows: folded, for most of it is nothing. */
export function Unknown({ unknown }: { unknown: Attention['unknown'] }) {
  const { t } = useTranslation('attention')
  const lines = useUnknown(unknown)
  if (lines.length === 0) return null
  return (
    <details className={c.unknown}>
      <summary>
        <StatusIcon of="unknown" size={16} />
        {t('unknown.title', { count: lines.length })}
      </summary>
      <p>{t('unknown.text')}</p>
      <ul>
        {lines.map(({ key, what, how, action, href }) => (
          <li key={key}>
            <h3>{what}</h3>
            <p>{how}</p>
            <Button variant="default" size="compact-sm" component="a" href={href} aria-label={`${action}: ${what}`}>
              {action}
            </Button>
          </li>
        ))}
      </ul>
    </details>
  )
}
