import { IconChartBar, IconUsers } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { hrefOf, usageHref } from '../../ui/route'
import c from './PeopleTabs.module.css'

/** The two pages of People. */
export function PeopleTabs({ current, count }: { current: 'accounts' | 'usage'; count?: number | undefined }) {
  const { t } = useTranslation('usage')
  const tabs = [
    { id: 'accounts', icon: IconUsers, href: hrefOf('people') },
    { id: 'usage', icon: IconChartBar, href: usageHref },
  ] as const
  return (
    <nav className={c.tabs} aria-label={t('tabs.label')}>
      {tabs.map(({ id, icon: I, href }) => (
        <a key={id} href={href} aria-current={id === current ? 'page' : undefined}>
          <I size={16} stroke={1.6} aria-hidden />
          {t(`tabs.${id}`)}
          {id === 'accounts' && count !== undefined && <span className="num">{count}</span>}
        </a>
      ))}
    </nav>
  )
}
