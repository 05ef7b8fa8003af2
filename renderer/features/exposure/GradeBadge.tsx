import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/query'
import { hrefOf } from '../../ui/route'
import { Grade } from './Grade'
import c from './Grade.module.css'
import { Tooltip } from '../../ui/Tooltip'

/** The grade of a service's last exposure test, with what it means; nothing while it was never tested. */
export default function GradeBadge({ serviceId }: { serviceId: string }) {
  const { t } = useTranslation('exposure')
  const tests = useQuery(api.exposure.list.queryOptions())
  const test = tests.data?.find((one) => one.serviceId === serviceId)
  if (!test || test.grade === null) return null
  const { grade } = test
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
