import { useTranslation } from 'react-i18next'
import type { ExposureGrade } from '../../../shared/contract'
import { hrefOf } from '../../ui/route'
import { Grade } from './Grade'
import c from './Grade.module.css'
import { Tooltip } from '../../ui/Tooltip'

/** A grade with what it means; it leads to the test. */
export default function GradeBadge({ serviceId, grade }: { serviceId: string; grade: ExposureGrade }) {
  const { t } = useTranslation('exposure')
  const meaning = t(`grade.${grade}`)
  return (
    <Tooltip label={`${t('grade.label', { grade })}. ${meaning}`} multiline maw={280}>
      <a
        className={c.link}
        href={hrefOf('services', serviceId, 'exposure')}
        aria-label={t('grade.of', { id: serviceId, grade, meaning })}
      >
        <Grade grade={grade} />
      </a>
    </Tooltip>
  )
}
