import { Button } from '@mantine/core'
import { IconAlertTriangle, IconFlask } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { Need } from '../../../shared/contract'
import { nearestFamily, smokeId } from './families'
import { useNeedText } from './needs'
import { send, useStudio } from './store'
import c from './Studio.module.css'
import { useCapabilities } from './useCapabilities'

/** Says which of the services have no model that is known, and what would have to be put where. */
export function NoKnownModels({ ids }: { ids: string[] }) {
  const found = useCapabilities(ids)
  return ids.map((id, index) => {
    const capabilities = found[index]?.data
    const nearest = capabilities && nearestFamily(capabilities)
    if (!nearest) return null
    const mayTest = capabilities.workflows.some((workflow) => workflow.id === smokeId && workflow.available)
    return <NoKnownModel key={id} service={id} nearest={nearest} mayTest={mayTest} />
  })
}

interface NoKnownModelProps {
  service: string
  nearest: { title: string; missing: Need[] }
  /** Whether the service can show that it works all the same. */
  mayTest: boolean
}

function NoKnownModel({ service, nearest, mayTest }: NoKnownModelProps) {
  const { t } = useTranslation('studio')
  const needText = useNeedText()
  const title = t('noModel.title', { service })
  return (
    <section className={c.noModel} aria-label={title}>
      <h3>
        <IconAlertTriangle size={15} aria-hidden />
        {title}
      </h3>
      <p>{t('noModel.nearest', { family: nearest.title })}</p>
      <ul>
        {nearest.missing.map((need) => (
          <li key={need.name}>{needText(need)}</li>
        ))}
      </ul>
      {mayTest && <TestWithoutModel service={service} />}
    </section>
  )
}

/** Makes a plain colour, once: that it was asked for is not kept, so that it is nobody's default. */
function TestWithoutModel({ service }: { service: string }) {
  const { t } = useTranslation('studio')
  const { sending } = useStudio()
  const title = t('param.smoke')
  return (
    <div className={c.noModelTest}>
      <Button
        variant="light"
        className={c.small}
        leftSection={<IconFlask size={14} stroke={1.6} />}
        loading={sending.has(service)}
        onClick={() => void send(service, { prompt: title, workflow: smokeId })}
      >
        {title}
      </Button>
      <span>{t('noModel.testNote')}</span>
    </div>
  )
}
