import { VisuallyHidden } from '@mantine/core'
import { IconAlertTriangle, IconChevronDown, IconChevronRight, IconCopy } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { LibraryFile } from '../../../shared/contract'
import { useServiceName } from '../../api/useServiceName'
import { formatInteger, formatSize } from '../../i18n/format'
import { Ago } from '../../ui/Ago'
import { useNarrow } from '../../ui/narrow'
import { StatusIcon, type StatusKey } from '../../ui/Status'
import c from './Models.module.css'
import type { Line } from './useLibrary'

type LoadState = LibraryFile['services'][number]['loads']

const loadLooks: Record<LoadState, StatusKey> = {
  yes: 'ready',
  'wrong-folder': 'warning',
  'other-family': 'cancelled',
  unknown: 'unknown',
}

/** Beyond so many services they are counted, not listed. */
const mostColumns = 3

/** Whether a service can load it, with its name where several share one place. */
function Loads({ service, loads }: { service: string; loads: LoadState }) {
  const { t } = useTranslation('library')
  return (
    <span className={c.load} title={`${service}: ${t(`loads.${loads}`)}`}>
      <StatusIcon of={loadLooks[loads]} size={14} />
      <span className={c.service}>{service}</span>
      <VisuallyHidden>{t(`loads.${loads}`)}</VisuallyHidden>
    </span>
  )
}

/** The services that look into a file's folder, by name, or how many of them can load it. */
function Services({ services, all }: { services: LibraryFile['services']; all: number }) {
  const { t } = useTranslation('library')
  // On a narrow screen no heading says what is counted.
  const isNarrow = useNarrow()
  const nameOf = useServiceName()
  if (all <= mostColumns) return services.map(({ id, loads }) => <Loads key={id} service={nameOf(id)} loads={loads} />)
  const able = services.filter(({ loads }) => loads === 'yes')
  return (
    <span title={able.map(({ id }) => nameOf(id)).join('\n')}>
      {t(isNarrow ? 'loads.ofServices' : 'loads.of', { count: able.length, all: formatInteger(all) })}
    </span>
  )
}

export function Used({ file }: { file: Pick<LibraryFile, 'use' | 'usedAt'> }) {
  const { t } = useTranslation('library')
  if (file.usedAt !== null) return <Ago at={file.usedAt} />
  return <span className={c.quiet}>{t(file.use === 'unknown' ? 'use.unknown' : 'use.never')}</span>
}

const ownName = (name: string) => name.replace(/\.regie-removed$/, '')

/** One file. */
export function FileRow({ file, services, onOpen }: { file: LibraryFile; services: number; onOpen: () => void }) {
  const { t } = useTranslation('library')
  const name = ownName(file.name)
  return (
    <>
      <span role="cell" className={c.name}>
        <button type="button" className={c.open} onClick={onOpen} title={file.path} aria-label={t('details', { name })}>
          <span className="mono">{name}</span>
        </button>
        {file.runsCode && (
          <span className={c.mark} title={t('file.runsCode')}>
            <IconAlertTriangle size={13} aria-hidden />
            {t('runsCode')}
          </span>
        )}
        {file.copies > 0 && (
          <span className={c.mark} data-plain>
            <IconCopy size={13} aria-hidden />
            {t('copies', { count: file.copies })}
          </span>
        )}
      </span>
      <span role="cell" className={c.folder}>
        {file.folder}
      </span>
      <span role="cell" className={`num ${c.size}`}>
        {formatSize(file.bytes)}
      </span>
      <span role="cell" className={c.loads}>
        <Services services={file.services} all={services} />
      </span>
      <span role="cell" className={c.used}>
        <Used file={file} />
      </span>
    </>
  )
}

type FamilyLine = Extract<Line, { type: 'family' }>

/** The head of a family, which folds it. */
export function FamilyRow({ line, services, onToggle }: { line: FamilyLine; services: number; onToggle: () => void }) {
  const { t } = useTranslation('library')
  const { family, isOpen, missing } = line
  const { told } = family
  const title = family.title ?? t('unrecognised')
  const I = isOpen ? IconChevronDown : IconChevronRight
  return (
    <>
      <span role="cell" className={c.familyName}>
        {told ? (
          <button type="button" className={c.fold} aria-expanded={isOpen} onClick={onToggle}>
            <I size={14} aria-hidden />
            {title}
          </button>
        ) : (
          <b>{title}</b>
        )}
        {told && <small>{t('found', { count: told.files })}</small>}
        {missing > 0 && (
          <span className={c.mark}>
            <IconAlertTriangle size={13} aria-hidden />
            {t('missing.count', { count: missing })}
          </span>
        )}
      </span>
      <span role="cell" className={c.folder} />
      <span role="cell" className={`num ${c.size}`}>
        {told && formatSize(told.bytes)}
      </span>
      <span role="cell" className={c.loads}>
        {told && <Services services={told.services.map((id) => ({ id, loads: 'yes' }))} all={services} />}
      </span>
      <span role="cell" className={c.used}>
        {told && told.usedAt !== null && <Ago at={told.usedAt} />}
      </span>
    </>
  )
}
