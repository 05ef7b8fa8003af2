import { IconBox, IconBroadcast, IconFileText, IconShieldLock, IconVariable } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { Credential, Place, PlaceChange, Sink } from '../../../../shared/contract'
import { describeReason } from '../../../i18n'
import { formatHost } from '../../../i18n/format'
import { Ago } from '../../../ui/Ago'
import { StatusLabel, type StatusKey } from '../../../ui/Status'
import { Fingerprint, spaced } from '../../../ui/Fingerprint'
import narrow from '../../../ui/NarrowRows.module.css'
import c from './FingerprintMap.module.css'
import { groupPlaces, keyOf, splitPath, tells, type PlaceGroup } from './groups'
import { PlaceAnswer, type PlaceAnswers } from './PlaceAnswer'
import { Tooltip } from '../../../ui/Tooltip'

const stateKey: Record<Place['state'], StatusKey> = {
  source: 'source',
  same: 'in-sync',
  drifted: 'drifted',
  missing: 'missing',
  unreadable: 'unreadable',
  accepted: 'accepted',
  refused: 'refused',
  open: 'failed',
  unknown: 'unread',
  'needs-restart': 'stale',
  'needs-recreate': 'stale',
}

interface FingerprintMapProps {
  credential: Credential
  places: readonly Place[]
  /** When the places were read. */
  checkedAt: number
  answers: PlaceAnswers
}

/**
 * Every place where a credential stands, under the vault's own value: its files, what containers have of them, what
 * services accept. A place that differs shows another silhouette, says what changed, and carries its answers.
 */
export function FingerprintMap({ credential, places, ...rest }: FingerprintMapProps) {
  const { t } = useTranslation('credentials')
  const columns = ['place', 'key', 'fingerprint', 'state', 'when', 'answer'] as const
  return (
    <table className={`${narrow.rows} ${c.table}`}>
      <thead>
        <tr>
          {columns.map((column) => (
            <th key={column} scope="col" data-column={column}>
              <span>{t(`map.${column}`)}</span>
            </th>
          ))}
        </tr>
      </thead>
      {groupPlaces(credential, places).map((group) => (
        <tbody key={group.field}>
          <VaultRow credential={credential} group={group} />
          {group.places.map((place) => (
            <PlaceRow
              key={keyOf(place)}
              place={place}
              type={credential.sinks.find((sink) => sink.id === place.id)?.type}
              {...rest}
            />
          ))}
        </tbody>
      ))}
    </table>
  )
}

function VaultRow({ credential, group }: { credential: Credential; group: PlaceGroup }) {
  const { t } = useTranslation('credentials')
  const name = t(`map.inVault.${group.field}`)
  return (
    <tr data-state="source">
      <td>
        <span className={c.place}>
          <IconShieldLock size={17} stroke={1.6} className={c.placeIcon} aria-hidden />
          <span className={c.placeText}>
            <span>{name}</span>
          </span>
        </span>
      </td>
      <td data-column="key" className={c.key}>
        <span>{t('map.version', { version: credential.version })}</span>
      </td>
      <td>
        {group.field === 'username' ? (
          credential.username
        ) : group.fingerprint ? (
          <Fingerprint hex={group.fingerprint} of={name} />
        ) : (
          <span className="dim">{t('map.noFingerprint')}</span>
        )}
      </td>
      <td className="mid">{t('map.source')}</td>
      <td data-column="when" className="dim">
        <Ago at={credential.changedAt} />
      </td>
      <td />
    </tr>
  )
}

interface PlaceRowProps extends Pick<FingerprintMapProps, 'answers' | 'checkedAt'> {
  place: Place
  type: Sink['type'] | undefined
}

function PlaceRow({ place, type, answers, checkedAt }: PlaceRowProps) {
  const { t } = useTranslation('credentials')
  const isAmiss = tells(place)
  const why = place.reason && place.state !== 'missing' ? describeReason(place.reason) : null
  // A file may hold the right value and still have something to correct.
  const isTold = isAmiss ? why !== null || place.change !== null : why !== null && place.state === 'same'
  const since = place.kind === 'live' ? (place.state === 'unknown' ? null : checkedAt) : place.modifiedAt
  const state = place.state
  const isNamed = state === 'needs-restart' || state === 'needs-recreate' || state === 'open' || state === 'unknown'
  return (
    <>
      <tr data-state={state} data-explained={isTold || undefined}>
        <td>
          <PlaceName place={place} type={type} />
        </td>
        <td data-column="key">
          <PlaceKey place={place} type={type} />
        </td>
        <td>
          {place.fingerprint ? (
            <Fingerprint hex={place.fingerprint} of={place.where} tone={isAmiss ? 'warn' : undefined} />
          ) : (
            <span className="dim">–</span>
          )}
        </td>
        <td>
          <Tooltip label={why?.message} disabled={why === null || isTold} multiline maw={320}>
            <span>
              <StatusLabel of={stateKey[state]} {...(isNamed ? { word: t(`map.states.${state}`) } : {})} />
            </span>
          </Tooltip>
          {since !== null && (
            <span className={c.since}>
              <Ago at={since} />
            </span>
          )}
        </td>
        <td data-column="when" className="dim">
          {since === null ? <span>–</span> : <Ago at={since} />}
        </td>
        <td rowSpan={isTold ? 2 : 1}>
          <PlaceAnswer place={place} answers={answers} />
        </td>
      </tr>
      {isTold && (
        <tr data-state={state} className={c.why}>
          <td colSpan={5}>
            {place.change && <Changed change={place.change} />}
            {why && `${why.message} ${why.hint}`}
          </td>
        </tr>
      )}
    </>
  )
}

/** The value before and the value now, and since when. */
function Changed({ change: { from, to, at } }: { change: PlaceChange }) {
  const { t } = useTranslation('credentials')
  const word = (hex: string | null) => (hex === null ? t('map.nothing') : spaced(hex))
  return (
    <span className={c.change}>
      {t('map.changed')} <span className="mono">{word(from)}</span> → <span className="mono">{word(to)}</span>,{' '}
      <Ago at={at} />.{' '}
    </span>
  )
}

/** Which part of the place holds the secret, and what a change there needs. */
function PlaceKey({ place, type }: { place: Place; type: Sink['type'] | undefined }) {
  const { t } = useTranslation('credentials')
  if (place.kind === 'live') return <span className="dim">–</span>
  return (
    <span className={c.placeText}>
      <KeyWord place={place} type={type} />
      {place.kind === 'sink' && (
        <Tooltip label={t(`map.requiresTip.${place.requires}`)} multiline maw={280}>
          <span className={c.key}>{t(`map.requires.${place.requires}`)}</span>
        </Tooltip>
      )}
    </span>
  )
}

function KeyWord({ place, type }: { place: Place; type: Sink['type'] | undefined }) {
  const { t } = useTranslation('credentials')
  if (place.key !== null)
    return (
      <span className="mono" title={place.key}>
        {place.key}
      </span>
    )
  const word = type === 'comfyui-login' ? 'loginFile' : type === 'session-key' ? 'sessionFile' : 'wholeFile'
  return <span className="mid">{t(`map.${word}`)}</span>
}

const icons = {
  vault: IconShieldLock,
  sink: IconFileText,
  'container-file': IconBox,
  'container-env': IconVariable,
  live: IconBroadcast,
} satisfies Record<Place['kind'], unknown>

function PlaceName({ place, type }: { place: Place; type: Sink['type'] | undefined }) {
  const { t } = useTranslation('credentials')
  const { kind, where } = place
  const I = icons[kind]
  const isPath = kind === 'sink' || kind === 'container-file'
  const { folder, name } = isPath ? splitPath(where) : { folder: '', name: kind === 'live' ? formatHost(where) : where }
  const service = place.serviceId ?? ''
  return (
    <span className={c.place} data-inside={kind.startsWith('container') || undefined}>
      <I size={17} stroke={1.6} className={c.placeIcon} aria-hidden />
      <span className={c.placeText} title={where}>
        <span className={c.path}>
          {folder && <span className={c.folder}>{folder}</span>}
          <span className={c.name}>{name}</span>
        </span>
        {kind === 'sink' ? (
          // Narrow pages have no column for it.
          <span className={`${c.key} ${c.narrow}`}>
            <KeyWord place={place} type={type} />
          </span>
        ) : (
          <span className={c.key}>
            {kind === 'live' ? t('map.service', { service }) : t(`map.inside.${insideWord(kind)}`, { service })}
            {kind === 'container-env' && <span className={`${c.narrow} mono`}> {place.key}</span>}
          </span>
        )}
      </span>
    </span>
  )
}

const insideWord = (kind: Place['kind']) => (kind === 'container-env' ? 'environment' : 'file')
