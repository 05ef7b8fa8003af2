import { Button, TextInput } from '@mantine/core'
import { IconArrowsSort, IconChevronDown, IconSearch, IconStack2, IconTag, type Icon } from '@tabler/icons-react'
import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { MenuEntry } from '../../../ui/menu-entry'
import { MenuButton, type Pressed } from '../../../ui/MenuButton'
import { usePageKeys } from '../../../ui/page-keys'
import { StatusIcon, type StatusKey } from '../../../ui/Status'
import type { Grouping } from './groups'
import type { ListView } from './useListView'
import { chips, sorts, type Chip } from './view'
import c from './ViewBar.module.css'

const signs: Record<Chip, StatusKey | null> = {
  all: null,
  attention: 'warning',
  working: 'running',
  idle: 'idle',
  asleep: 'asleep',
  stopped: 'stopped',
}

interface ChoiceProps extends Pressed {
  icon: Icon
  label: string
  value: string
}

function Choice({ icon: I, label, value, ...pressed }: ChoiceProps) {
  return (
    <Button
      variant="subtle"
      color="gray"
      leftSection={<I size={15} stroke={1.6} />}
      rightSection={<IconChevronDown size={13} />}
      className={c.choice}
      aria-label={`${label}: ${value}`}
      {...pressed}
    >
      <span className={c.choiceLabel}>{label}</span>
      <span className={c.choiceValue}>{value}</span>
    </Button>
  )
}

export interface ViewBarProps {
  view: ListView
  onChange: (change: Partial<ListView>) => void
  counts: Record<Chip, number>
  /** The worst of what needs attention, for its chip. */
  worst?: StatusKey | undefined
  groupings: readonly Grouping[]
  /** Every tag with its count; left out where tags stand elsewhere. */
  tags?: readonly [string, number][]
}

interface ChipsProps extends Pick<ViewBarProps, 'counts' | 'worst'> {
  chosen: Chip
  onChoose: (chip: Chip) => void
}

/** How many services there are of each state; one press narrows the list to it. */
function Chips({ chosen, counts, worst, onChoose }: ChipsProps) {
  const { t } = useTranslation('list')
  return (
    <div className={c.chips} data-chips role="group" aria-label={t('chips')}>
      {chips.map((chip) => {
        const of = (chip === 'attention' ? worst : undefined) ?? signs[chip]
        return (
          <button
            key={chip}
            type="button"
            className={c.chip}
            aria-pressed={chip === chosen}
            onClick={() => onChoose(chip)}
          >
            {of && <StatusIcon of={of} size={14} />}
            {t(`chip.${chip}`)}
            <span className="num">{counts[chip]}</span>
          </button>
        )
      })}
    </div>
  )
}

/** One line above many services: find, how many there are of each state, tag, order, grouping. */
export function ViewBar({ view, onChange, counts, worst, groupings, tags = [] }: ViewBarProps) {
  const { t } = useTranslation('list')
  const input = useRef<HTMLInputElement>(null)
  usePageKeys('services', { find: () => input.current?.focus() })
  const choice = (key: string, label: string, isChosen: boolean, change: Partial<ListView>, note?: string) =>
    ({
      type: 'choice',
      key,
      label,
      isChosen,
      onClick: () => onChange(change),
      ...(note && { note }),
    }) satisfies MenuEntry
  const toggled = (tag: string) =>
    view.tags.includes(tag) ? view.tags.filter((one) => one !== tag) : [...view.tags, tag]
  return (
    <div className={c.bar} role="search">
      <TextInput
        ref={input}
        className={c.find}
        value={view.text}
        onChange={(event) => onChange({ text: event.currentTarget.value })}
        onKeyDown={(event) => event.key === 'Escape' && onChange({ text: '' })}
        placeholder={t('filter')}
        aria-label={t('filter')}
        aria-keyshortcuts="/"
        leftSection={<IconSearch size={15} stroke={1.6} />}
      />
      <Chips chosen={view.chip} counts={counts} worst={worst} onChoose={(chip) => onChange({ chip })} />
      <div className={c.choices}>
        {tags.length > 0 && (
          <MenuButton
            entries={() => [
              choice('', t('anyTag'), view.tags.length === 0, { tags: [] }),
              ...tags.map(([tag, count]) =>
                choice(tag, tag, view.tags.includes(tag), { tags: toggled(tag) }, String(count)),
              ),
            ]}
          >
            <Choice
              icon={IconTag}
              label={t('tag')}
              value={view.tags.length === 0 ? t('anyTag') : view.tags.join(', ')}
            />
          </MenuButton>
        )}
        <MenuButton entries={() => sorts.map((sort) => choice(sort, t(`sorts.${sort}`), sort === view.sort, { sort }))}>
          <Choice icon={IconArrowsSort} label={t('sort')} value={t(`sorts.${view.sort}`)} />
        </MenuButton>
        <MenuButton
          entries={() => groupings.map((group) => choice(group, t(`groups.${group}`), group === view.group, { group }))}
        >
          <Choice icon={IconStack2} label={t('group')} value={t(`groups.${view.group}`)} />
        </MenuButton>
      </div>
    </div>
  )
}
