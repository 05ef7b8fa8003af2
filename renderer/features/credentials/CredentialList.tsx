import { SegmentedControl, TextInput } from '@mantine/core'
import { IconChevronRight, IconSearch } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { Credential, VaultStatus } from '../../../shared/contract'
import { useNarrow } from '../../ui/narrow'
import { StatusIcon, toneOf } from '../../ui/Status'
import { hrefOf } from '../../ui/route'
import { useNow } from '../../ui/useNow'
import { formatExact } from '../../i18n/format'
import c from './Credentials.module.css'
import { isDue, useSchedule } from './policy/schedules'
import { usePlaceInList } from './place-in-list'
import { ageInDays, needsYou, passesFilter, type CredentialFilter } from './words'

const filters: CredentialFilter[] = ['all', 'needs-you', 'in-sync']
const isFilter = (text: string): text is CredentialFilter => (filters as string[]).includes(text)

interface CredentialListProps {
  credentials: Credential[]
  selected: string | undefined
  keeper: VaultStatus['keeper']
}

/** The credentials with their state, age and sinks; at the foot, how the vault is kept. */
export function CredentialList({ credentials, selected, keeper }: CredentialListProps) {
  const { t } = useTranslation('credentials')
  const isNarrow = useNarrow()
  const { filter, setFilter, search, setSearch, list } = usePlaceInList(isNarrow)
  const shown = credentials.filter(
    (credential) => passesFilter(credential, filter) && credential.id.includes(search.trim().toLowerCase()),
  )
  const count: Record<CredentialFilter, number> = {
    all: credentials.length,
    'needs-you': credentials.filter(needsYou).length,
    'in-sync': credentials.filter(({ state }) => state === 'in-sync').length,
  }
  return (
    <div className={c.listPane}>
      <div className={c.filter}>
        {isNarrow && (
          <TextInput
            value={search}
            onChange={(event) => setSearch(event.currentTarget.value)}
            placeholder={t('list.search')}
            aria-label={t('list.search')}
            leftSection={<IconSearch size={16} stroke={1.6} />}
          />
        )}
        <SegmentedControl
          fullWidth
          aria-label={t('filter.label')}
          data={filters.map((value) => ({ value, label: t(`filter.${value}`, { count: count[value] }) }))}
          value={filter}
          onChange={(value) => isFilter(value) && setFilter(value)}
        />
      </div>
      {shown.length === 0 && <p className={c.noneShown}>{t('filter.none')}</p>}
      <ul className={c.list} aria-label={t('list.label')} ref={list}>
        {shown.map((credential) => (
          <li key={credential.id}>
            <Item credential={credential} isCurrent={credential.id === selected} />
          </li>
        ))}
      </ul>
      <p className={c.vaultNote}>
        {t(`keeper.${keeper}`)}
        {keeper === 'key-file' && <b>{t('keeper.demoNotice')}</b>}
      </p>
    </div>
  )
}

function Item({ credential, isCurrent }: { credential: Credential; isCurrent: boolean }) {
  const { t } = useTranslation(['credentials', 'common'])
  const days = ageInDays(credential, useNow(60_000))
  const { id, scheme, sinks, state, drifted } = credential
  const schedule = useSchedule(id)
  const isOld = state === 'in-sync' && schedule !== undefined && isDue(schedule)
  const about = sinks.length === 0 ? t('list.noSinks') : t('list.sinks', { count: sinks.length })
  return (
    <a href={hrefOf('credentials', id)} className={c.item} aria-current={isCurrent ? 'true' : undefined}>
      <StatusIcon of={isOld ? 'due' : state} size={17} />
      <span className={c.itemText}>
        <b>{id}</b>
        <span className="dim">
          {t(`scheme.${scheme}`)}, {about}
        </span>
      </span>
      <span className={c.itemEnd}>
        <span
          className={`num ${c.age}`}
          title={`${t('list.ageExact', { count: days })}, ${formatExact(credential.changedAt)}`}
        >
          {t('list.age', { count: days })}
        </span>
        <span className={c.itemState} data-tone={toneOf(isOld ? 'due' : state)}>
          {isOld
            ? t('common:status.due')
            : state === 'drifted' && drifted > 0
              ? t('list.drifted', { count: drifted })
              : t(`common:status.${state}`)}
        </span>
      </span>
      <IconChevronRight size={16} stroke={1.6} className={c.chevron} aria-hidden />
    </a>
  )
}
