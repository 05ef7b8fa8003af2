import { CloseButton, TextInput } from '@mantine/core'
import { IconSearch } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Highlighted } from '../../ui/Highlighted'
import { search, type Found } from '../../ui/find'
import { sectionHref } from '../../ui/route'
import type { Section, SectionId, Setting } from './table'
import c from './Settings.module.css'

type Titled = Setting & { title: string }

/** The settings that a search found. */
function Hits({ found, onShow }: { found: readonly Found<Titled>[]; onShow: (section: SectionId) => void }) {
  const { t } = useTranslation('settings')
  return (
    <ul className={c.hits} aria-label={t('find.results')}>
      {found.map(({ item, marks }) => (
        <li key={item.id}>
          <a className={c.hit} href={item.href} onClick={() => onShow(item.section)}>
            <span>
              <Highlighted text={item.label} marks={marks} />
            </span>
            <span className={c.path}>{item.value === undefined ? item.title : `${item.title} · ${item.value}`}</span>
          </a>
        </li>
      ))}
      {found.length === 0 && <li className={c.path}>{t('find.none')}</li>}
    </ul>
  )
}

interface IndexProps {
  sections: readonly Section[]
  /** The section that is in view. */
  current: SectionId
  /** Brings a section into view, also where its address is the present one. */
  onShow: (section: SectionId) => void
}

/** What stands in the settings: a search over all of them, and the sections. */
export function Index({ sections, current, onShow }: IndexProps) {
  const { t } = useTranslation('settings')
  const [query, setQuery] = useState('')
  const all = sections.flatMap(({ title, settings }) =>
    settings.map((setting) => ({ ...setting, words: title, title })),
  )
  const { found } = search(all, query)
  const isSearching = query.trim() !== ''
  return (
    <div className={c.index}>
      <TextInput
        value={query}
        onChange={({ currentTarget }) => setQuery(currentTarget.value)}
        onKeyDown={({ key }) => {
          const [first] = found
          if (key === 'Escape') setQuery('')
          if (key !== 'Enter' || !isSearching || !first) return
          location.hash = first.item.href
          onShow(first.item.section)
        }}
        placeholder={t('find.label')}
        aria-label={t('find.label')}
        leftSection={<IconSearch size={16} stroke={1.6} />}
        rightSection={
          isSearching && <CloseButton size="sm" aria-label={t('find.clear')} onClick={() => setQuery('')} />
        }
      />
      {isSearching ? (
        <Hits found={found} onShow={onShow} />
      ) : (
        <nav className={c.sections} data-chips aria-label={t('find.sections')}>
          {sections.map(({ id, title }) => (
            <a
              key={id}
              className={c.entry}
              href={sectionHref(id)}
              aria-current={id === current ? 'location' : undefined}
              onClick={() => onShow(id)}
            >
              {title}
            </a>
          ))}
        </nav>
      )}
    </div>
  )
}
