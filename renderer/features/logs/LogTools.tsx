import { ActionIcon, SegmentedControl, TextInput } from '@mantine/core'
import {
  IconArrowAutofitDown,
  IconChevronDown,
  IconChevronUp,
  IconClock,
  IconDownload,
  IconRegex,
  IconSearch,
  IconTextWrap,
  type Icon,
} from '@tabler/icons-react'
import type { RefObject } from 'react'
import { useTranslation } from 'react-i18next'
import { formatInteger } from '../../i18n/format'
import type { LevelFilter } from './selection'
import c from './LogPane.module.css'
import { Tooltip } from '../../ui/Tooltip'

const levels = ['all', 'warnings', 'errors'] as const satisfies LevelFilter[]

interface ToggleProps {
  icon: Icon
  label: string
  isOn: boolean
  onChange: (isOn: boolean) => void
}

function Toggle({ icon: I, label, isOn, onChange }: ToggleProps) {
  return (
    <Tooltip label={label}>
      <ActionIcon
        variant="subtle"
        color="gray"
        size={26}
        className={c.toggle}
        aria-label={label}
        aria-pressed={isOn}
        onClick={() => onChange(!isOn)}
      >
        <I size={16} stroke={1.6} />
      </ActionIcon>
    </Tooltip>
  )
}

interface StepProps {
  icon: Icon
  label: string
  isDisabled: boolean
  onClick: () => void
}

function Step({ icon: I, label, isDisabled, onClick }: StepProps) {
  return (
    <Tooltip label={label}>
      <ActionIcon variant="subtle" color="gray" size={26} aria-label={label} disabled={isDisabled} onClick={onClick}>
        <I size={16} stroke={1.6} />
      </ActionIcon>
    </Tooltip>
  )
}

export interface SearchState {
  text: string
  isRegex: boolean
  isBad: boolean
  /** How many lines were found, and at which of them the reader is, from 1; 0 before the first step. */
  count: number
  at: number
}

interface SearchProps {
  search: SearchState
  input: RefObject<HTMLInputElement | null>
  onChange: (change: Partial<Pick<SearchState, 'text' | 'isRegex'>>) => void
  onStep: (step: 1 | -1) => void
}

/** Find, with the number of hits, and steps from one to the next. */
export function LogSearch({ search, input, onChange, onStep }: SearchProps) {
  const { t } = useTranslation('logs')
  const { text, isRegex, isBad, count, at } = search
  const said =
    text.trim() === ''
      ? ''
      : isBad
        ? t('badRegex')
        : count === 0
          ? t('noMatch')
          : t('matches', { at: at === 0 ? '–' : formatInteger(at), n: formatInteger(count) })
  return (
    <div className={c.search} role="search">
      <TextInput
        ref={input}
        value={text}
        onChange={(event) => onChange({ text: event.currentTarget.value })}
        onKeyDown={(event) => {
          if (event.key === 'Enter') {
            event.preventDefault()
            onStep(event.shiftKey ? -1 : 1)
          } else if (event.key === 'Escape' && text !== '') {
            event.stopPropagation()
            onChange({ text: '' })
          }
        }}
        placeholder={t('find')}
        aria-label={t('findIn')}
        error={isBad}
        leftSection={<IconSearch size={14} />}
        className={c.find}
      />
      <span className={c.hits} role="status">
        {said}
      </span>
      <Toggle icon={IconRegex} label={t('regex')} isOn={isRegex} onChange={(on) => onChange({ isRegex: on })} />
      <Step icon={IconChevronUp} label={t('previous')} isDisabled={count === 0} onClick={() => onStep(-1)} />
      <Step icon={IconChevronDown} label={t('next')} isDisabled={count === 0} onClick={() => onStep(1)} />
    </div>
  )
}

interface ToolsProps {
  level: LevelFilter
  onLevel: (level: LevelFilter) => void
  showsTimes: boolean
  onTimes: (shows: boolean) => void
  wraps: boolean
  onWraps: (wraps: boolean) => void
  follow: boolean
  onFollow: (follow: boolean) => void
  /** Address of the whole log as a file; null saves what is shown. */
  file: string | null
  onSave: () => void
  isEmpty: boolean
}

export function LogTools(props: ToolsProps) {
  const { t } = useTranslation('logs')
  const saves = props.file === null ? t('saveShown') : t('save')
  const icon = <IconDownload size={16} stroke={1.6} />
  return (
    <>
      <SegmentedControl<(typeof levels)[number]>
        data={levels.map((value) => ({ value, label: t(`level.${value}`) }))}
        value={props.level === 'panel' ? 'all' : props.level}
        onChange={props.onLevel}
        aria-label={t('levels')}
      />
      <span className={c.toggles}>
        <Toggle icon={IconClock} label={t('times')} isOn={props.showsTimes} onChange={props.onTimes} />
        <Toggle icon={IconTextWrap} label={t('wrap')} isOn={props.wraps} onChange={props.onWraps} />
        <Toggle icon={IconArrowAutofitDown} label={t('follow')} isOn={props.follow} onChange={props.onFollow} />
        <Tooltip label={saves}>
          {props.file === null ? (
            <ActionIcon
              variant="subtle"
              color="gray"
              size={26}
              aria-label={saves}
              disabled={props.isEmpty}
              onClick={props.onSave}
            >
              {icon}
            </ActionIcon>
          ) : (
            <ActionIcon
              variant="subtle"
              color="gray"
              size={26}
              aria-label={saves}
              component="a"
              href={props.file}
              download
            >
              {icon}
            </ActionIcon>
          )}
        </Tooltip>
      </span>
    </>
  )
}
