import { Button, Checkbox, Select, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Credential, DiscoveredCredential, DiscoveredService, Service } from '../../../../shared/contract'
import { kindOfScheme, kinds } from '../../../../shared/kinds'
import { api } from '../../../api/query'
import { StatusIcon, StatusPill } from '../../../ui/Status'
import { describeReason } from '../../../i18n'
import { formatHost } from '../../../i18n/format'
import type { Choice, Issue, ServiceChoice } from './choices'
import c from './Find.module.css'
import { PlacesTable } from './PlacesTable'

interface FoundCredentialProps {
  one: DiscoveredCredential
  choice: Choice
  services: readonly DiscoveredService[]
  /** The credential of the vault that it is. */
  held: Credential | undefined
  issue: Issue | null
  onChange: (part: Partial<Choice>) => void
}

const pill = { agree: 'in-sync', differ: 'drifted', alone: 'notice' } as const

/** One credential as it was found: whether it is imported, under which name, with which value and places. */
export function FoundCredential({ one, choice, services, held, issue, onChange }: FoundCredentialProps) {
  const { t } = useTranslation('find')
  const [isOpen, setOpen] = useState(one.suggested)
  const body = useId()
  const label = one.existing ?? choice.id
  const canBeChosen = one.existing !== null || one.sources.length > 0
  return (
    <section className={c.card} aria-label={label}>
      <header className={c.cardHead}>
        <Checkbox
          checked={choice.isChosen}
          disabled={!canBeChosen}
          onChange={(event) => {
            onChange({ isChosen: event.currentTarget.checked })
            if (event.currentTarget.checked) setOpen(true)
          }}
          label={<b>{label}</b>}
          description={t(one.existing === null ? `scheme.${one.scheme}` : 'existing', { id: one.existing ?? '' })}
        />
        <StatusPill
          of={pill[one.state]}
          word={t(`state.${one.state}`)}
          detail={t('placesFound', { count: one.places.length })}
        />
        <Button
          variant="subtle"
          color="gray"
          size="compact-sm"
          aria-expanded={isOpen}
          aria-controls={body}
          onClick={() => setOpen(!isOpen)}
          leftSection={isOpen ? <IconChevronDown size={15} /> : <IconChevronRight size={15} />}
          aria-label={t(isOpen ? 'hidePlacesOf' : 'showPlacesOf', { id: label })}
        >
          {t(isOpen ? 'hidePlaces' : 'showPlaces')}
        </Button>
      </header>
      <div id={body} hidden={!isOpen} className={c.cardBody}>
        <div className={c.fields}>
          {one.existing === null && (
            <TextInput
              label={t('name')}
              value={choice.id}
              onChange={(event) => onChange({ id: event.currentTarget.value.trim().toLowerCase() })}
              error={issue && t(`issues.${issue}`)}
              spellCheck={false}
              autoComplete="off"
            />
          )}
          <ServiceFields one={one} choice={choice} services={services} onChange={onChange} />
        </div>
        <p className={c.text}>{t(`why.${one.sourceWhy}`, { id: one.existing ?? '' })}</p>
        <Reasons one={one} source={choice.source} />
        <PlacesTable one={one} choice={choice} held={held} onChange={onChange} />
      </div>
    </section>
  )
}

/** What keeps the chosen value from being used, and what else is to be known. */
function Reasons({ one, source }: { one: DiscoveredCredential; source: Choice['source'] }) {
  const { t } = useTranslation('find')
  const unusable = one.sources.find(({ placeId }) => placeId === source)?.unusable ?? null
  return (
    <>
      {unusable && (
        <p className={c.reason}>
          <StatusIcon of="warning" /> <span>{`${describeReason(unusable).message} ${t('unusable')}`}</span>
        </p>
      )}
      {one.reasons.map((reason, at) => {
        const { message, hint } = describeReason(reason)
        return (
          <p key={at} className={c.reason}>
            <StatusIcon of="warning" /> <span>{`${message} ${hint}`}</span>
          </p>
        )
      })}
    </>
  )
}

type ServiceFieldsProps = Pick<FoundCredentialProps, 'one' | 'choice' | 'services' | 'onChange'>

/** What becomes of the services that it opens. */
function ServiceFields({ one, choice, services, onChange }: ServiceFieldsProps) {
  const { t } = useTranslation('find')
  const known = useQuery(api.services.list.queryOptions()).data ?? []
  if (kindOfScheme(one.scheme) === null) return null
  const slots: ServiceChoice[] = choice.services.length > 0 ? choice.services : [{ key: null, value: '' }]
  const free = known.filter(
    (service) =>
      kinds[service.kind].scheme === one.scheme &&
      (service.credentialId === null || service.credentialId === one.existing),
  )
  return slots.map((slot, at) => {
    const found = services.find(({ key }) => key === slot.key)
    return (
      <Select
        key={slot.key ?? 'none'}
        label={found ? t('service.of', { name: found.name }) : t('service.label')}
        description={found && `${formatHost(found.url)} · ${t(`service.live.${found.live}`)}`}
        data={optionsOf(found, free, t)}
        value={slot.value}
        allowDeselect={false}
        onChange={(value) =>
          onChange({ services: slots.map((other, index) => (index === at ? { ...other, value: value ?? '' } : other)) })
        }
      />
    )
  })
}

type Translate = ReturnType<typeof useTranslation<'find'>>['t']

function optionsOf(found: DiscoveredService | undefined, free: readonly Service[], t: Translate) {
  const isNew = found !== undefined && found.existing === null
  return [
    { value: '', label: t('service.none') },
    ...(isNew && found.file !== null
      ? [{ value: 'compose', label: t('service.compose', { id: found.suggestedId }) }]
      : []),
    ...(isNew ? [{ value: 'external', label: t('service.external', { id: found.suggestedId }) }] : []),
    ...free.map(({ id }) => ({ value: id, label: t('service.link', { id }) })),
    // Another credential opens it: the core says so when it is tried.
    ...(found?.existing && !free.some(({ id }) => id === found.existing)
      ? [{ value: found.existing, label: t('service.link', { id: found.existing }) }]
      : []),
  ]
}
