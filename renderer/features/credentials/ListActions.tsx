import { ActionIcon, Button, Menu } from '@mantine/core'
import { IconDots, IconFolderSearch, IconPlus, IconZoomQuestion } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { Credential } from '../../../shared/contract'
import { findSecretsHref, leaksHref } from '../../ui/route'
import { RotateAllButton } from './policy/RotateAllButton'

/** What can be done with the vault as a whole, its primary action last. */
export function ListActions({ credentials, onAdd }: { credentials: Credential[]; onAdd: () => void }) {
  const { t } = useTranslation('credentials')
  return (
    <>
      <Button component="a" href={leaksHref} variant="default" leftSection={<IconZoomQuestion size={16} />}>
        {t('leaks')}
      </Button>
      <RotateAllButton credentials={credentials} />
      <Button component="a" href={findSecretsHref} variant="default" leftSection={<IconFolderSearch size={16} />}>
        {t('find')}
      </Button>
      <Button leftSection={<IconPlus size={16} />} onClick={onAdd}>
        {t('add')}
      </Button>
    </>
  )
}

/** The same as icons, for the header of a narrow page: the searches are behind one. */
export function ListIcons({ onAdd }: { onAdd: () => void }) {
  const { t } = useTranslation('credentials')
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" aria-label={t('detail.more')}>
            <IconDots size={20} stroke={1.6} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item component="a" href={findSecretsHref} leftSection={<IconFolderSearch size={16} stroke={1.6} />}>
            {t('find')}
          </Menu.Item>
          <Menu.Item component="a" href={leaksHref} leftSection={<IconZoomQuestion size={16} stroke={1.6} />}>
            {t('leaks')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <ActionIcon variant="filled" onClick={onAdd} aria-label={t('add')}>
        <IconPlus size={20} stroke={1.8} />
      </ActionIcon>
    </>
  )
}
