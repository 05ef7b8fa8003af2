import { IconChevronDown, IconChevronRight } from '@tabler/icons-react'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { formatList, formatMiB } from '../../../i18n/format'
import { StatusIcon } from '../../../ui/Status'
import { ModelFigures } from '../ModelFigures'
import { useNeedText } from '../needs'
import { changeEdit, useStudio } from '../store'
import s from '../Studio.module.css'
import c from './Edit.module.css'
import { folded, mostFor, type Fit } from './fits'

interface FamiliesProps {
  /** Best first. */
  fits: Fit[]
  chosen: Fit | null
  /** What a card of a service's GPU holds, in MiB; null where that is not known. */
  memoryOf: (serviceId: string) => number | null
}

const keyOf = ({ serviceId, family }: Fit) => `${serviceId} ${family.id}`

/** Which model edits, on which service: a card each, with what it takes. */
export function Families({ fits, chosen, memoryOf }: FamiliesProps) {
  const { t } = useTranslation('editing')
  const [isOpen, setOpen] = useState(false)
  const name = useId()
  const { shown, rest } = folded(fits, chosen)
  const lacking = rest.filter(({ family }) => !family.available).length
  const card = (fit: Fit) => (
    <Card
      key={keyOf(fit)}
      name={name}
      fit={fit}
      isChosen={chosen !== null && keyOf(chosen) === keyOf(fit)}
      memoryMiB={memoryOf(fit.serviceId)}
    />
  )
  const isMeasured = shown.some(({ measuredMs }) => measuredMs !== null)
  // Where nothing can run, what is missing is what one wants to see.
  const isShown = isOpen || shown.length === 0
  const Chevron = isShown ? IconChevronDown : IconChevronRight
  return (
    <fieldset className={s.group}>
      <legend className={s.legend}>
        {t('family.label')}
        {shown.length > 0 && <span>{t(isMeasured ? 'family.measured' : 'family.expected')}</span>}
      </legend>
      {shown.map(card)}
      {shown.length === 0 && <p className={s.note}>{t('family.none')}</p>}
      {rest.length > 0 && (
        <button type="button" className={s.more} aria-expanded={isShown} onClick={() => setOpen(!isOpen)}>
          <Chevron size={14} aria-hidden />
          {t('family.more', { count: rest.length })}
          {lacking > 0 && `, ${t('family.lacking', { count: lacking })}`}
        </button>
      )}
      {isShown && rest.map(card)}
    </fieldset>
  )
}

interface CardProps {
  /** Of the radios. */
  name: string
  fit: Fit
  isChosen: boolean
  memoryMiB: number | null
}

function Card({ name, fit, isChosen, memoryMiB }: CardProps) {
  const { t } = useTranslation('editing')
  const { edit } = useStudio().form
  const id = useId()
  const { serviceId, family, measuredMs } = fit
  const { expected, available, missing } = family
  const size = expected.vramMiB ?? expected.filesMiB
  const choose = () => {
    // Steps and the like are another model's; what is added to it stays where it is there too.
    const { loras } = edit.params
    changeEdit({ serviceId, family: family.id, strength: null, size: 'own', params: loras ? { loras } : {} })
  }
  return (
    <div className={c.family} data-chosen={isChosen || undefined} data-lacks={!available || undefined}>
      <label htmlFor={id}>
        <input type="radio" id={id} name={name} checked={isChosen} disabled={!available} onChange={choose} />
        <b title={family.title}>{family.title}</b>
        <span className={c.on}>
          {available && <StatusIcon of="ready" size={13} />}
          {serviceId}
        </span>
      </label>
      {available ? (
        <ModelFigures family={family} measuredMs={measuredMs} images={mostFor(family)} />
      ) : (
        <Lacks missing={missing} />
      )}
      {available && memoryMiB !== null && size !== null && size > memoryMiB && (
        <p className={c.tight}>
          {t('family.tooLarge', { more: formatMiB(size - memoryMiB), card: formatMiB(memoryMiB) })}
        </p>
      )}
    </div>
  )
}

/** So many files are named; of a family that lacks more than that, they say enough. */
const mostNamed = 2

function Lacks({ missing }: { missing: Fit['family']['missing'] }) {
  const { t } = useTranslation('editing')
  const needText = useNeedText()
  const files = missing.filter(({ type }) => type === 'file')
  const nodes = missing.length - files.length
  const shown = files.slice(0, mostNamed).map(needText)
  const more = files.length - shown.length
  const texts = [
    ...shown,
    ...(more > 0 ? [t('family.moreFiles', { count: more })] : []),
    ...(nodes > 0 ? [t('family.nodes', { count: nodes })] : []),
  ]
  return (
    <p className={c.lacks} title={missing.map(needText).join('\n')}>
      {t('family.lacks')} {formatList(texts)}
    </p>
  )
}
