import { Anchor, Button, Select } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { IconPlayerPlayFilled } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { Service, WorkflowDetail } from '../../../../../shared/contract'
import { serviceName } from '../../../../../shared/service-name'
import { api } from '../../../../api/query'
import { useIsAdmin } from '../../../../api/useSession'
import { hrefOf } from '../../../../ui/route'
import { useMayStart } from '../../../services/useMayStart'
import s from '../../Studio.module.css'
import { useStudio } from '../../store'
import type { Target } from '../model/needs'
import { chooseService } from '../store'
import c from './Form.module.css'

interface RunFootProps {
  detail: WorkflowDetail
  target: Target | null
  services: readonly Service[]
}

/** Runs the workflow where everything is there, or says why it cannot be run. */
export function RunFoot({ detail, target, services }: RunFootProps) {
  const { t } = useTranslation(['workflow', 'studio'])
  const { sending } = useStudio()
  const nameOf = (id: string) => serviceName(services.find((one) => one.id === id) ?? { id })
  const runs = target?.runs ?? null
  return (
    <footer className={s.run}>
      {target && runs !== null && target.able.length > 1 && (
        <Select
          className={c.service}
          aria-label={t('studio:form.runOn')}
          data={target.able.map((id) => ({ value: id, label: nameOf(id) }))}
          value={runs}
          comboboxProps={{ position: 'top' }}
          onChange={(id) => id !== null && chooseService(detail.id, id)}
        />
      )}
      <Button
        type="submit"
        fullWidth
        className={s.generate}
        leftSection={<IconPlayerPlayFilled size={14} />}
        aria-keyshortcuts="Control+Enter"
        disabled={runs === null}
        loading={runs !== null && sending.has(runs)}
      >
        {runs === null ? t('studio:generate.one') : t('run.on', { service: nameOf(runs) })}
      </Button>
      <Why target={target} services={services} nameOf={nameOf} />
    </footer>
  )
}

interface WhyProps {
  target: Target | null
  services: readonly Service[]
  nameOf: (id: string) => string
}

function Why({ target, services, nameOf }: WhyProps) {
  const { t } = useTranslation('workflow')
  if (!target) return <span className={c.why}>{t('run.checking')}</span>
  if (target.runs !== null)
    return <span className={c.why}>{t(target.able.length > 1 ? 'run.several' : 'run.only')}</span>
  if (target.nearest) {
    const { missing, id } = target.nearest
    return <span className={c.why}>{t('run.missing', { count: missing, service: nameOf(id) })}</span>
  }
  const comfy = services.filter(({ id }) => target.known.includes(id))
  const idle = comfy.find(({ health }) => health.state !== 'ready')
  if (!idle) return <span className={c.why}>{t(comfy.length === 0 ? 'run.noService' : 'run.unknown')}</span>
  return <NotReady service={idle} name={nameOf(idle.id)} />
}

function NotReady({ service, name }: { service: Service; name: string }) {
  const { t } = useTranslation(['workflow', 'studio'])
  const mayStart = useMayStart()(service)
  const isAdmin = useIsAdmin()
  const start = useMutation(api.services.start.mutationOptions())
  return (
    <span className={c.why}>
      {t('run.notReady', { service: name })}{' '}
      {mayStart ? (
        <Anchor component="button" type="button" fz="inherit" onClick={() => start.mutate({ id: service.id })}>
          {t('studio:service.startLabel', { id: name })}
        </Anchor>
      ) : (
        isAdmin && (
          <Anchor href={hrefOf('services', service.id)} fz="inherit">
            {t('studio:service.openLabel', { id: name })}
          </Anchor>
        )
      )}
    </span>
  )
}
