import { Button } from '@mantine/core'
import { IconStethoscope } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { hrefOf } from '../../ui/route'
import c from './Doctor.module.css'

/** The way to the doctor of every service that a credential opens. */
export default function WhyLinks({ serviceIds }: { serviceIds: readonly string[] }) {
  const { t } = useTranslation('doctor')
  return (
    <div className={c.fixes}>
      {serviceIds.map((id) => (
        <Button
          key={id}
          variant="default"
          component="a"
          href={hrefOf('services', id, 'doctor')}
          leftSection={<IconStethoscope size={15} stroke={1.6} />}
        >
          {t('whyOf', { id })}
        </Button>
      ))}
    </div>
  )
}
