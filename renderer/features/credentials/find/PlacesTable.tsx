import '@mantine/core/styles/Radio.css'
import { Checkbox, Radio } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Credential, DiscoveredCredential, DiscoveredPlace } from '../../../../shared/contract'
import { Fingerprint } from '../../../ui/Fingerprint'
import { StatusLabel, type StatusKey } from '../../../ui/Status'
import { describeReason } from '../../../i18n'
import { relationOf, type Choice, type Relation } from './choices'
import c from './Find.module.css'

interface PlacesTableProps {
  one: DiscoveredCredential
  choice: Choice
  held: Credential | undefined
  onChange: (part: Partial<Choice>) => void
}

const statusOf: Record<Relation, StatusKey> = {
  source: 'source',
  same: 'in-sync',
  differs: 'drifted',
  missing: 'missing',
  unreadable: 'unreadable',
  unknown: 'unknown',
}

/** Every place with its fingerprint: which one is right, and which become sinks. */
export function PlacesTable({ one, choice, held, onChange }: PlacesTableProps) {
  const { t } = useTranslation('find')
  return (
    <table className={c.table}>
      <thead>
        <tr>
          <th scope="col">{t('column.sink')}</th>
          {one.existing === null && <th scope="col">{t('column.source')}</th>}
          <th scope="col">{t('column.place')}</th>
          <th scope="col">{t('column.fingerprint')}</th>
          <th scope="col">{t('column.state')}</th>
        </tr>
      </thead>
      <tbody>
        {withNews(one.places).map(({ place, words }) => (
          <Row key={place.id} {...{ place, words, one, choice, held, onChange }} />
        ))}
      </tbody>
    </table>
  )
}

/** What is to be said of each place; what concerns a whole file is said once. */
function withNews(places: readonly DiscoveredPlace[]): { place: DiscoveredPlace; words: string[] }[] {
  const said = new Set<string>()
  return places.map((place) => {
    const words = place.reasons.flatMap((reason) => {
      const { message, hint } = describeReason(reason)
      const about = `${place.path} ${message}`
      if (reason.problem === 'sink.bom' && said.has(about)) return []
      said.add(about)
      return [`${message} ${hint}`]
    })
    return { place, words }
  })
}

const nameOf = ({ shown, key }: DiscoveredPlace) => [shown, key].filter((part) => part !== null).join(' ')

function PlaceCell({ place }: { place: DiscoveredPlace }) {
  const { t } = useTranslation('find')
  return (
    <td className={c.place}>
      <span className={c.path} title={place.path}>
        {place.shown}
      </span>
      <span className={c.about}>
        {place.key === null ? t(`type.${place.type ?? 'none'}`) : <span className="mono">{place.key}</span>}
        {` · ${t(`field.${place.field}`)}`}
        {place.usedBy.length > 0 && ` · ${t('usedBy', { names: place.usedBy.join(', ') })}`}
        {place.sinkOf !== null && ` · ${t('managed', { id: place.sinkOf })}`}
      </span>
    </td>
  )
}

/** Marks a place as a sink, or as none; one that is a sink already stays it. */
function SinkCell({ place, choice, onChange }: Omit<PlacesTableProps, 'one' | 'held'> & { place: DiscoveredPlace }) {
  const { t } = useTranslation('find')
  const toggle = (isOn: boolean) =>
    onChange({ places: new Set([...[...choice.places].filter((id) => id !== place.id), ...(isOn ? [place.id] : [])]) })
  return (
    <td>
      <Checkbox
        checked={choice.places.has(place.id) || place.sinkOf !== null}
        disabled={place.type === null || place.sinkOf !== null}
        onChange={(event) => toggle(event.currentTarget.checked)}
        aria-label={t('sinkOf', { name: nameOf(place) })}
      />
    </td>
  )
}

function Row({
  place,
  words,
  one,
  choice,
  held,
  onChange,
}: PlacesTableProps & { place: DiscoveredPlace; words: string[] }) {
  const { t } = useTranslation('find')
  const relation = relationOf(place, one, choice, held)
  const source = one.sources.find(({ placeId }) => placeId === place.id)
  const name = nameOf(place)
  const columns = one.existing === null ? 5 : 4
  return (
    <>
      <tr data-relation={relation} data-explained={words.length > 0 || undefined}>
        <SinkCell place={place} choice={choice} onChange={onChange} />
        {one.existing === null && (
          <td>
            {source && (
              <Radio
                name={`source ${one.key}`}
                checked={choice.source === place.id}
                onChange={() => onChange({ source: place.id })}
                aria-label={t('sourceOf', { name })}
              />
            )}
          </td>
        )}
        <PlaceCell place={place} />
        <td>
          {place.fingerprint === null ? (
            <span className="dim">–</span>
          ) : (
            <Fingerprint hex={place.fingerprint} of={name} tone={relation === 'differs' ? 'warn' : undefined} />
          )}
        </td>
        <td>
          <StatusLabel
            of={statusOf[relation]}
            word={t(`relation.${place.holds === 'cut-hash' && relation === 'differs' ? 'cut' : relation}`)}
            {...(source && source.live !== 'unknown' ? { detail: t(`live.${source.live}`) } : {})}
          />
        </td>
      </tr>
      {words.length > 0 && (
        <tr className={c.why} data-relation={relation}>
          <td colSpan={columns}>
            {words.map((text) => (
              <p key={text}>{text}</p>
            ))}
          </td>
        </tr>
      )}
    </>
  )
}
