import { useTranslation } from 'react-i18next'
import type { StartGroup } from './room'
import c from './StartPlan.module.css'

/** Services that share a GPU start one after the other. */
export default function StartOrder({ groups }: { groups: readonly StartGroup[] }) {
  const { t } = useTranslation('operations')
  return (
    <div>
      {t('order.title')}
      <ul className={c.order}>
        {groups.map(({ ids }) => (
          <li key={ids[0]}>
            {ids.length > 1
              ? t('order.group', { ids: ids.join(` ${t('order.arrow')} `) })
              : t('order.alone', { ids: ids.join() })}
          </li>
        ))}
      </ul>
    </div>
  )
}
