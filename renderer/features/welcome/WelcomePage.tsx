import { Button } from '@mantine/core'
import { IconArrowRight, IconFlask2, IconPlugConnected, IconRocket, type Icon } from '@tabler/icons-react'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useChangePreferences } from '../../api/usePreferences'
import { Mark } from '../../ui/Mark'
import { Connect } from './Connect'
import { Deploy } from './Deploy'
import { LookAround } from './LookAround'
import c from './Welcome.module.css'

const steps = ['look', 'connect', 'deploy'] as const
export type Step = (typeof steps)[number]

const icons: Record<Step, Icon> = { look: IconFlask2, connect: IconPlugConnected, deploy: IconRocket }

function StepContent({ step }: { step: Step }) {
  switch (step) {
    case 'look':
      return <LookAround />
    case 'connect':
      return <Connect />
    case 'deploy':
      return <Deploy />
  }
}

function StepList({ step, onStep }: { step: Step; onStep: (step: Step) => void }) {
  const { t } = useTranslation('welcome')
  return (
    <ol className={c.steps}>
      {steps.map((id) => {
        const I = icons[id]
        return (
          <li key={id}>
            <button
              type="button"
              className={c.step}
              aria-current={id === step ? 'step' : undefined}
              onClick={() => onStep(id)}
            >
              <span className={c.stepIcon}>
                <I size={18} stroke={1.6} aria-hidden />
              </span>
              <span className={c.stepText}>
                <b>{t(`${id}.title`)}</b>
                <span>{t(`${id}.short`)}</span>
                <small>{t(`${id}.needs`)}</small>
              </span>
            </button>
          </li>
        )
      })}
    </ol>
  )
}

/** First launch: three ways in, in any order. */
export default function WelcomePage() {
  const { t } = useTranslation('welcome')
  const [step, setStep] = useState<Step>('look')
  const finish = useChangePreferences()
  const leave = () => finish.mutate({ welcomed: true })
  const next = steps[steps.indexOf(step) + 1]
  useEffect(() => {
    document.title = t('title')
  }, [t])
  return (
    <main className={c.page}>
      <div className={c.frame}>
        <aside className={c.side}>
          <div className={c.brand}>
            <Mark size={28} />
            <h1>{t('title')}</h1>
            <p>{t('lead')}</p>
          </div>
          <StepList step={step} onStep={setStep} />
          <p className={c.later}>{t('later')}</p>
        </aside>
        <section className={c.main} aria-labelledby="welcome-step">
          <header>
            <h2 id="welcome-step">{t(`${step}.title`)}</h2>
            <p>{t(`${step}.text`)}</p>
          </header>
          <StepContent step={step} />
          <footer className={c.foot}>
            <Button variant="subtle" color="gray" onClick={leave}>
              {t('skip')}
            </Button>
            <span className={c.footRight}>
              {next && (
                <Button variant="default" onClick={() => setStep(next)}>
                  {t(`${next}.title`)}
                </Button>
              )}
              <Button rightSection={<IconArrowRight size={16} />} onClick={leave} loading={finish.isPending}>
                {t('openOverview')}
              </Button>
            </span>
          </footer>
        </section>
      </div>
    </main>
  )
}
