import { SegmentedControl } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Preferences } from '../../../shared/contract'
import { useChangePreferences } from '../../api/usePreferences'
import { Panel } from '../../ui/Panel'
import c from '../../ui/Sheet.module.css'

const languages = ['system', 'en', 'fr'] as const
const themes = ['system', 'dark', 'light'] as const

/** Language and theme of whoever is here. */
export function Appearance({ preferences }: { preferences: Preferences }) {
  const { t } = useTranslation('settings')
  const change = useChangePreferences()
  return (
    <Panel title={t('appearance.title')}>
      <div className={c.lines}>
        <div className={c.line}>
          <span className={c.label}>{t('appearance.language')}</span>
          <SegmentedControl<Preferences['language']>
            data={languages.map((value) => ({ value, label: t(`appearance.languages.${value}`) }))}
            value={preferences.language}
            onChange={(language) => change.mutate({ language })}
            aria-label={t('appearance.language')}
          />
        </div>
        <div className={c.line}>
          <span className={c.label}>{t('appearance.theme')}</span>
          <SegmentedControl<Preferences['theme']>
            data={themes.map((value) => ({ value, label: t(`appearance.themes.${value}`) }))}
            value={preferences.theme}
            onChange={(theme) => change.mutate({ theme })}
            aria-label={t('appearance.theme')}
          />
        </div>
      </div>
    </Panel>
  )
}
