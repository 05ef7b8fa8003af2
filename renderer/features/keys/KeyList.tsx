import { Button, CopyButton, UnstyledButton } from '@mantine/core'
import { IconArrowsExchange, IconGauge, IconKeyOff, IconRefresh } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Trans, useTranslation } from 'react-i18next'
import type { Key, KeyUse } from '../../../shared/contract'
import { serviceName } from '../../../shared/service-name'
import { api } from '../../api/query'
import { formatAge, formatDate, formatExact, formatRelative } from '../../i18n/format'
import { Ago } from '../../ui/Ago'
import { clientName } from '../../ui/client-name'
import { DotsButton } from '../../ui/DotsButton'
import { FingerprintGlyph } from '../../ui/FingerprintGlyph'
import { MenuButton } from '../../ui/MenuButton'
import { StatusIcon } from '../../ui/Status'
import { Tooltip } from '../../ui/Tooltip'
import { useNow } from '../../ui/useNow'
import { KindMark } from '../services/KindIcon'
import c from './Keys.module.css'
import { endOf, endsSoon, type KeyRow } from './rows'
import { useLimitWords } from './useLimitWords'

/** What a key is asked to do: another takes its place, it gets other limits, or it ends. */
export interface KeyActs {
  onRotate: (key: Key) => void
  onLimit: (key: Key) => void
  onEnd: (key: Key) => void
}

/** What opens with a key, each service with its sign. */
function Opens({ of }: { of: Key }) {
  const { t } = useTranslation('keys')
  const services = useQuery(api.services.list.queryOptions()).data ?? []
  const limits = useLimitWords()(of.limits)
  return (
    <span className={c.services}>
      {of.services === null && <span>{t('allServices')}</span>}
      {of.services?.length === 0 && <span>{t('noService')}</span>}
      {of.services?.map((id) => {
        const service = services.find((one) => one.id === id)
        return (
          <span key={id} className={c.service}>
            {service && <KindMark kind={service.kind} size={14} />}
            {service ? serviceName(service) : id}
          </span>
        )
      })}
      {of.panel && <span className={c.tag}>{t('panelTag')}</span>}
      {limits !== '' && <span>{limits}</span>}
    </span>
  )
}

function Used({ use }: { use: KeyUse | null }) {
  const { t } = useTranslation('keys')
  if (use === null) return <span className="dim">{t('used.never')}</span>
  const client = clientName(use.client ?? '') || t('used.unknownClient')
  return (
    <>
      <Ago at={use.at} />
      <span title={use.client ?? undefined}>{t('used.from', { client, from: use.from })}</span>
    </>
  )
}

function Ends({ of, isRotated }: { of: Key; isRotated: boolean }) {
  const { t } = useTranslation('keys')
  const now = useNow(60_000)
  const end = endOf(of)
  const created = formatDate(of.createdAt)
  return (
    <>
      {end === null ? (
        <span>{t('ends.never')}</span>
      ) : (
        <span className={c.end} title={formatExact(end)} data-soon={endsSoon(of, now) || undefined}>
          {endsSoon(of, now) && <StatusIcon of="due" size={14} />}
          {end <= now ? t('ends.expired') : formatDate(end)}
        </span>
      )}
      <span>{t(isRotated ? 'ends.rotated' : 'ends.created', { day: created })}</span>
    </>
  )
}

/** The key that was replaced and still opens: who uses it yet, until when, and the way to end it early. */
function Grace({ of, name, since, onEnd }: { of: Key; name: string; since: number; onEnd: () => void }) {
  const { t } = useTranslation('keys')
  const now = useNow(60_000)
  const { lastUsed, graceUntil } = of
  const left = formatAge((graceUntil ?? now) - now)
  const isUsed = lastUsed !== null && lastUsed.at > since
  return (
    <div className={c.grace}>
      <IconArrowsExchange size={16} stroke={1.6} aria-hidden />
      <span className={c.graceGlyph}>
        <FingerprintGlyph hex={of.fingerprint} height={12} />
      </span>
      <span className={c.graceText}>
        {isUsed ? (
          <Trans
            t={t}
            i18nKey="grace.used"
            values={{
              client: clientName(lastUsed.client ?? '') || t('used.unknownClient'),
              from: lastUsed.from,
              ago: formatRelative(lastUsed.at, now),
              left,
            }}
            components={{ b: <b />, code: <span className="mono" /> }}
          />
        ) : (
          t(lastUsed === null ? 'grace.unusedEver' : 'grace.unused', { left })
        )}
      </span>
      <Button size="compact-xs" variant="default" onClick={onEnd} aria-label={t('grace.endOf', { name })}>
        {t('grace.end')}
      </Button>
    </div>
  )
}

/** The key's mark: its fingerprint as a silhouette, which a click copies. */
function Glyph({ of }: { of: Key }) {
  const { t } = useTranslation(['keys', 'common'])
  const name = t('fingerprintOf', { name: of.name })
  return (
    <CopyButton value={of.fingerprint}>
      {({ copied, copy }) => (
        <Tooltip label={copied ? t('common:fingerprint.copied') : t('common:fingerprint.tip', { of: name })}>
          <UnstyledButton
            className={c.glyph}
            onClick={copy}
            aria-label={t('common:fingerprint.label', { of: name, hex: of.fingerprint })}
          >
            <FingerprintGlyph hex={of.fingerprint} />
          </UnstyledButton>
        </Tooltip>
      )}
    </CopyButton>
  )
}

function Row({ row: { key, old }, acts }: { row: KeyRow; acts: KeyActs }) {
  const { t } = useTranslation('keys')
  return (
    <li className={c.key}>
      <div className={c.keyMain}>
        <Glyph of={key} />
        <span className={c.two}>
          <b title={key.name}>{key.name}</b>
          <Opens of={key} />
        </span>
        <span className={c.two} data-label={t('used.label')}>
          <Used use={key.lastUsed} />
        </span>
        <span className={c.two} data-label={t('ends.label')}>
          <Ends of={key} isRotated={old !== null} />
        </span>
        <MenuButton
          entries={() => [
            ...(key.state === 'live'
              ? [
                  {
                    ...({ type: 'act', key: 'rotate', label: t('do.rotate'), icon: IconRefresh } as const),
                    onClick: () => acts.onRotate(key),
                  },
                ]
              : []),
            {
              ...({ type: 'act', key: 'limits', label: t('do.limits'), icon: IconGauge } as const),
              onClick: () => acts.onLimit(key),
            },
            {
              ...{ type: 'act', key: 'end', label: t('do.end'), icon: IconKeyOff, isBad: true },
              onClick: () => acts.onEnd(key),
            },
          ]}
        >
          <DotsButton label={t('more', { name: key.name })} />
        </MenuButton>
      </div>
      {old && <Grace of={old} name={key.name} since={key.createdAt} onEnd={() => acts.onEnd(old)} />}
    </li>
  )
}

/** Keys as lines: what each is called and opens, its last use, its end; and what is left of the one it replaced. */
export function KeyList({ rows, label, acts }: { rows: readonly KeyRow[]; label: string; acts: KeyActs }) {
  const { t } = useTranslation('keys')
  return (
    <>
      <div className={c.keyHead} aria-hidden>
        <span />
        <span>{t('column.key')}</span>
        <span>{t('column.used')}</span>
        <span>{t('column.ends')}</span>
        <span />
      </div>
      <ul className={c.keys} aria-label={label}>
        {rows.map((row) => (
          <Row key={row.key.id} row={row} acts={acts} />
        ))}
      </ul>
    </>
  )
}
