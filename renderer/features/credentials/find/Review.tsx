import { useTranslation } from 'react-i18next'
import type { Credential, DiscoveryProposal } from '../../../../shared/contract'
import { Panel } from '../../../ui/Panel'
import { describeReason } from '../../../i18n'
import { FoundCredential } from './FoundCredential'
import { countChosen, issueOf, type Choice, type Choices } from './choices'
import c from './Find.module.css'

interface ReviewProps {
  proposal: DiscoveryProposal
  choices: Choices
  onChoices: (change: (now: Choices) => Choices) => void
  held: readonly Credential[]
  taken: ReadonlySet<string>
}

/** What was found, one card a credential, before anything is imported. */
export function Review({ proposal, choices, onChoices, held, taken }: ReviewProps) {
  const { t } = useTranslation('find')
  const { services, places } = countChosen(choices)
  const change = (key: string) => (part: Partial<Choice>) =>
    onChoices((now) => {
      const before = now[key]
      return before ? { ...now, [key]: { ...before, ...part } } : now
    })
  return (
    <div className={c.cards}>
      <p className={c.text}>
        {t('review.safe', {
          places: t('review.places', { count: places }),
          services: t('review.services', { count: services }),
        })}
      </p>
      {proposal.credentials.map((one) => {
        const choice = choices[one.key]
        if (!choice) return null
        return (
          <FoundCredential
            key={one.key}
            one={one}
            choice={choice}
            services={proposal.services}
            held={held.find(({ id }) => id === one.existing)}
            issue={issueOf(one, choices, taken)}
            onChange={change(one.key)}
          />
        )
      })}
      {proposal.remarks.length > 0 && (
        <Panel title={t('remarks')}>
          <ul className={c.remarks}>
            {proposal.remarks.map((remark, at) => {
              const { message, hint } = describeReason(remark)
              return (
                <li key={at}>
                  {message} <span className={c.quiet}>{hint}</span>
                </li>
              )
            })}
          </ul>
        </Panel>
      )}
    </div>
  )
}
