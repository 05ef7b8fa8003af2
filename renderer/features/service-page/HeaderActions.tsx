import { Button, Menu } from '@mantine/core'
import { IconDots, IconExternalLink, IconSparkles, IconTrash } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { Service } from '../../../shared/contract'
import { kinds } from '../../../shared/kinds'
import { isUp } from '../../../shared/service-state'
import { studioHref } from '../../ui/route'
import type { ServiceActions } from '../services/useServiceActions'
import { useIsAdmin } from '../../api/useSession'
import { LifeButtons } from './LifeButtons'
import c from './ServiceDetail.module.css'

/** What can be done with the service, its primary action last. */
export function HeaderActions({ service, actions }: { service: Service; actions: ServiceActions }) {
  const { t } = useTranslation(['services', 'common'])
  const isAdmin = useIsAdmin()
  const { id, kind, health } = service
  const isReady = health.state === 'ready'
  return (
    <>
      <LifeButtons service={service} actions={actions} />
      {isUp(service) && (
        <Button
          variant="default"
          component="a"
          href={service.url}
          target="_blank"
          rel="noreferrer"
          title={t('do.openOwn')}
          className={c.narrowIcon}
          aria-label={t('do.open', { program: kinds[kind].name })}
          leftSection={<IconExternalLink size={16} stroke={1.6} />}
        >
          <span className={c.wideWord}>{t('do.open', { program: kinds[kind].name })}</span>
        </Button>
      )}
      {isAdmin && (
        <Menu position="bottom-end">
          <Menu.Target>
            <Button variant="default" aria-label={t('do.moreOf', { id })} px={8}>
              <IconDots size={16} />
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item leftSection={<IconTrash size={15} stroke={1.6} />} onClick={actions.remove}>
              {t('do.remove', { id })}
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      )}
      {isReady ? (
        <Button component="a" href={studioHref(id)} leftSection={<IconSparkles size={16} />}>
          {t('common:action.newGeneration')}
        </Button>
      ) : (
        <Button disabled title={t('do.notReady')} leftSection={<IconSparkles size={16} />}>
          {t('common:action.newGeneration')}
        </Button>
      )}
    </>
  )
}
