import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/query'
import { usePreferences } from '../../api/usePreferences'
import { useSeesAll } from '../../api/useSession'
import { hrefOf, sectionHref } from '../../ui/route'

/** The sections of the settings in their order: people and access first. */
export const sectionIds = [
  'access',
  'session',
  'vault',
  'backups',
  'alerts',
  'monitoring',
  'audit',
  'appearance',
  'docker',
  'gpus',
  'simulators',
  'welcome',
  'data',
  'releases',
  'about',
] as const

export type SectionId = (typeof sectionIds)[number]

/** One setting, as it can be found. */
export interface Setting {
  id: string
  section: SectionId
  label: string
  /** What it is set to, where that is short. */
  value?: string
  href: string
}

export interface Section {
  id: SectionId
  title: string
  settings: Setting[]
}

const topics = [
  'settings',
  'access',
  'vault',
  'backups',
  'alerts',
  'audit',
  'docker',
  'gpus',
  'releases',
  'common',
] as const

/** What each section is called. */
function useTitles(): Record<SectionId, string> {
  const { t } = useTranslation(topics)
  return {
    access: t('access:title'),
    session: t('settings:session.title'),
    vault: t('vault:title'),
    backups: t('backups:title'),
    alerts: t('alerts:title'),
    monitoring: t('settings:monitoring.title'),
    audit: t('audit:title'),
    appearance: t('settings:appearance.title'),
    docker: t('docker:settings.title'),
    gpus: t('gpus:program.title'),
    simulators: t('settings:simulators.title'),
    welcome: t('settings:welcome.title'),
    data: t('settings:data.title'),
    releases: t('releases:title'),
    about: t('settings:about.title'),
  }
}

function useAccessRows(): Omit<Setting, 'section'>[] {
  const { t } = useTranslation('access')
  const href = hrefOf('settings', 'access')
  return [
    { id: 'admin-password', label: t('passwords.admin'), href },
    { id: 'user-password', label: t('passwords.user'), href },
    { id: 'auto-lock', label: t('auto.label'), href },
    { id: 'addresses', label: t('addresses.title'), href },
    { id: 'proxies', label: t('proxies.title'), href },
  ]
}

/** Every section and every setting, the one list that index, search and palette read. */
export function useSettingsTable(): Section[] {
  const { t } = useTranslation(topics)
  const preferences = usePreferences().data
  const vault = useQuery({ ...api.vault.status.queryOptions(), enabled: useSeesAll() }).data
  const titles = useTitles()
  const rows: Record<SectionId, Omit<Setting, 'section' | 'href'>[] | Omit<Setting, 'section'>[]> = {
    access: useAccessRows(),
    session: [{ id: 'sign-out', label: t('settings:session.signOut') }],
    vault: [
      {
        id: 'passphrase',
        label: t('vault:changePassphrase'),
        ...(vault && { value: t(`vault:keepers.${vault.keeper}`) }),
      },
      { id: 'vault-export', label: t('vault:export.title') },
      { id: 'vault-import', label: t('vault:import.title') },
      { id: 'vault-backups', label: t('vault:backups.title') },
    ],
    backups: [{ id: 'backups', label: t('backups:title'), href: hrefOf('settings', 'backups') }],
    alerts: [{ id: 'alerts', label: t('alerts:title'), href: hrefOf('settings', 'alerts') }],
    monitoring: [{ id: 'metrics-token', label: t('settings:monitoring.made') }],
    audit: [{ id: 'audit', label: t('audit:title'), href: hrefOf('settings', 'audit') }],
    appearance: [
      {
        id: 'language',
        label: t('settings:appearance.language'),
        ...(preferences && { value: t(`settings:appearance.languages.${preferences.language}`) }),
      },
      {
        id: 'theme',
        label: t('settings:appearance.theme'),
        ...(preferences && { value: t(`settings:appearance.themes.${preferences.theme}`) }),
      },
    ],
    docker: [
      { id: 'docker-address', label: t('docker:address.title'), href: hrefOf('settings', 'docker') },
      { id: 'docker-room', label: t('docker:settings.room'), href: hrefOf('settings', 'docker') },
    ],
    gpus: [{ id: 'nvidia-smi', label: t('gpus:program.dialogTitle') }],
    simulators: [{ id: 'simulators', label: t('settings:simulators.title') }],
    welcome: [{ id: 'welcome', label: t('settings:welcome.show') }],
    data: [{ id: 'data-folder', label: t('settings:data.title') }],
    releases: [{ id: 'release-feed', label: t('releases:dialog.address') }],
    about: [
      { id: 'docs', label: t('settings:about.docs') },
      { id: 'api', label: t('settings:about.api') },
      { id: 'support', label: t('settings:about.support') },
    ],
  }
  return sectionIds.map((section) => ({
    id: section,
    title: titles[section],
    settings: rows[section].map((row) => ({ href: sectionHref(section), ...row, section })),
  }))
}
