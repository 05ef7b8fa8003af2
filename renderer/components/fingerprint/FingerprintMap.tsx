import { Button, Tooltip } from '@mantine/core'
import { IconBox, IconBroadcast, IconFileText, IconShieldLock } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { Credential, Place, Sink } from '../../../shared/contract'
import { describeReason } from '../../i18n'
import { formatHost } from '../../i18n/format'
import { Ago } from '../Ago'
import { StatusLabel, type StatusKey } from '../Status'
import { Fingerprint } from './Fingerprint'
import c from './Fingerprint.module.css'
import { canBeWritten, groupPlaces, splitPath, type PlaceGroup } from './groups'

const stateKey: Record<Place['state'], StatusKey> = {
  source: 'source',
  same: 'in-sync',
  drifted: 'drifted',
  missing: 'missing',
  unreadable: 'unreadable',
  accepted: 'accepted',
  refused: 'refused',
  unknown: 'unread',
}

interface FingerprintMapProps {
  credential: Credential
  places: readonly Place[]
  /** When the places were read. */
  checkedAt: number
  /** Writes the vault's value to one sink; left out for those who may not. */
  onWrite?: ((place: Place) => void) | undefined
  /** Takes what stands in one sink into the vault; left out for those who may not. */
  onAdopt?: ((place: Place) => void) | undefined
  /** Ids of the sinks that are being written. */
  writing: ReadonlySet<string>
}

/**
 * Every place where a credential stands, under the vault's own value. A place that differs shows another silhouette and
 * carries its one action.
 */
export function FingerprintMap({ credential, places, ...rest }: FingerprintMapProps) {
  const { t } = useTranslation('credentials')
  return (
    <table className={c.table}>
      <thead>
        <tr>
          <th scope="col">{t('map.place')}</th>
          <th scope="col">{t('map.fingerprint')}</th>
          <th scope="col">{t('map.needs')}</th>
          <th scope="col">{t('map.state')}</th>
        </tr>
      </thead>
      {groupPlaces(credential, places).map((group) => (
        <tbody key={group.field}>
          <VaultRow credential={credential} group={group} />
          {group.places.map((place) => (
            <PlaceRow
              key={`${place.kind} ${place.id}`}
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
            <span className={c.key}>
              {t('map.version', { version: credential.version })} <Ago at={credential.changedAt} />
            </span>
          </span>
        </span>
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
      <td className="dim">–</td>
      <td className="mid">{t('map.source')}</td>
    </tr>
  )
}

interface PlaceRowProps extends Pick<FingerprintMapProps, 'onWrite' | 'onAdopt' | 'writing' | 'checkedAt'> {
  place: Place
  type: Sink['type'] | undefined
}

function PlaceRow({ place, type, onWrite, onAdopt, writing, checkedAt }: PlaceRowProps) {
  const { t } = useTranslation('credentials')
  const deviates = canBeWritten(place)
  const why = place.reason && place.state !== 'missing' ? describeReason(place.reason) : null
  const since = place.kind === 'live' ? (place.state === 'unknown' ? null : checkedAt) : place.modifiedAt
  return (
    <>
      <tr data-state={place.state} data-explained={(why && place.state !== 'unknown') || undefined}>
        <td>
          <PlaceName place={place} type={type} />
        </td>
        <td>
          {place.fingerprint ? (
            <Fingerprint hex={place.fingerprint} of={place.where} tone={deviates ? 'warn' : undefined} />
          ) : (
            <span className="dim">–</span>
          )}
        </td>
        <td>
          {place.kind === 'live' && place.state !== 'refused' ? (
            <span className="dim">–</span>
          ) : (
            <Tooltip label={t(`map.requiresTip.${place.requires}`)} multiline maw={280}>
              <span className="mid">{t(`map.requires.${place.requires}`)}</span>
            </Tooltip>
          )}
        </td>
        <td>
          <span className={c.state}>
            <Tooltip label={why?.message} disabled={why === null} multiline maw={320}>
              <span>
                <StatusLabel
                  of={stateKey[place.state]}
                  {...(place.state === 'unknown' ? { word: t('map.notAsked') } : {})}
                  {...(since !== null && place.state !== 'same' ? { detail: <Ago at={since} /> } : {})}
                />
              </span>
            </Tooltip>
            {deviates && onWrite && (
              <Button
                variant="light"
                className={c.fix}
                loading={writing.has(place.id)}
                onClick={() => onWrite(place)}
                aria-label={`${t('map.write')}: ${place.where} ${place.key ?? ''}`.trim()}
              >
                {t('map.write')}
              </Button>
            )}
            {place.state === 'drifted' && place.fingerprint !== null && onAdopt && (
              <Button
                variant="subtle"
                color="gray"
                className={c.fix}
                onClick={() => onAdopt(place)}
                aria-label={`${t('map.adopt')}: ${place.where} ${place.key ?? ''}`.trim()}
              >
                {t('map.adopt')}
              </Button>
            )}
          </span>
        </td>
      </tr>
      {why && place.state !== 'unknown' && (
        <tr data-state={place.state} className={c.why}>
          <td colSpan={4}>
            {why.message} {why.hint}
          </td>
        </tr>
      )}
    </>
  )
}

function PlaceName({ place, type }: { place: Place; type: Sink['type'] | undefined }) {
  const { t } = useTranslation('credentials')
  const isLive = place.kind === 'live'
  const I = isLive ? IconBroadcast : type === 'comfyui-login' ? IconBox : IconFileText
  const { folder, name } = isLive ? { folder: '', name: formatHost(place.where) } : splitPath(place.where)
  return (
    <span className={c.place}>
      <I size={17} stroke={1.6} className={c.placeIcon} aria-hidden />
      <span className={c.placeText} title={place.where}>
        <span className={c.path}>
          {folder && <span className={c.folder}>{folder}</span>}
          <span className={c.name}>{name}</span>
        </span>
        <span className={c.key}>
          {isLive ? (
            t('map.service', { service: place.id })
          ) : place.key !== null ? (
            <span className="mono">{place.key}</span>
          ) : (
            t(type === 'comfyui-login' ? 'map.loginFile' : 'map.wholeFile')
          )}
        </span>
      </span>
    </span>
  )
}
