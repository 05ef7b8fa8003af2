import { useTranslation } from 'react-i18next'
import type { ContainerVariable } from '../../../../shared/contract'
import { Fingerprint, spaced } from '../../../ui/Fingerprint'
import { StatusLabel } from '../../../ui/Status'
import c from './Container.module.css'

const inText = /(\[secret [0-9a-f]{12}\])/

/** A text in which the core has put fingerprints in the place of secrets. */
export function Masked({ children }: { children: string }) {
  return (
    <span className="mono">
      {children.split(inText).map((part, at) => {
        const print = /^\[secret ([0-9a-f]{12})\]$/.exec(part)?.[1]
        return print === undefined ? (
          part
        ) : (
          <span key={at} className={c.inline}>
            {spaced(print)}
          </span>
        )
      })}
    </span>
  )
}

function Secret({ name, secret }: { name: string; secret: NonNullable<ContainerVariable['secret']> }) {
  const { t } = useTranslation('container')
  const { fingerprint, vault, credentialId: id } = secret
  return (
    <span className={c.secret}>
      <Fingerprint
        hex={fingerprint}
        of={t('environment.of', { name })}
        tone={vault === 'differs' ? 'warn' : undefined}
      />
      {vault === 'unknown' ? (
        <span className="dim">{t('environment.unknown')}</span>
      ) : (
        <StatusLabel
          of={vault === 'same' ? 'in-sync' : 'drifted'}
          word={t(vault === 'same' ? 'environment.sameOf' : 'environment.differs', { id: id ?? '' })}
        />
      )}
    </span>
  )
}

/** The value of a variable: a secret as its fingerprint, compared with the vault's. */
export function Value({ variable: { name, value, secret } }: { variable: ContainerVariable }) {
  const { t } = useTranslation('container')
  if (secret) return <Secret name={name} secret={secret} />
  return value === '' ? <span className="dim">{t('environment.empty')}</span> : <Masked>{value}</Masked>
}
