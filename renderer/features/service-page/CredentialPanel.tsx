import { Button } from '@mantine/core'
import { skipToken, useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { Credential, Proof, Service } from '../../../shared/contract'
import { isAcceptedByServices } from '../../../shared/proof'
import { api } from '../../api/query'
import { formatClock } from '../../i18n/format'
import { Ago } from '../../ui/Ago'
import { Fingerprint } from '../../ui/Fingerprint'
import { Facts, Panel, PanelAction } from '../../ui/Panel'
import { Loading } from '../../ui/States'
import { StatusLabel, type StatusKey } from '../../ui/Status'
import { hrefOf } from '../../ui/route'
import { useIsAdmin } from '../../api/useSession'
import type { ServiceActions } from '../services/useServiceActions'
import c from './ServiceDetail.module.css'
import { Loaded } from '../../api/Loaded'

const proofStatus: Record<Proof['outcome'], StatusKey> = {
  proven: 'proven',
  failed: 'refused',
  unreachable: 'unknown',
  none: 'unread',
}

/** Whether the service takes it: not known of one that cannot be reached. */
function ProofFact({ proof, lastReach }: { proof: Proof | null; lastReach: Service['lastReach'] }) {
  const { t } = useTranslation(['services', 'unreachable'])
  if (lastReach) {
    const { answeredAt } = lastReach
    const words =
      answeredAt === null
        ? t('unreachable:notVerifiedYet')
        : t('unreachable:notVerified', { time: formatClock(answeredAt) })
    return <StatusLabel of="unknown" word={words} />
  }
  if (!proof) return <span className="dim">{t('credential.neverProven')}</span>
  const status = isAcceptedByServices(proof) ? 'proven' : proofStatus[proof.outcome]
  return <StatusLabel of={status} detail={<Ago at={proof.at} />} />
}

function Summary({ credential, lastReach }: { credential: Credential; lastReach: Service['lastReach'] }) {
  const { t } = useTranslation('services')
  const { id, username, fingerprints, sinks, drifted, version, changedAt, state, lastProof } = credential
  const print = (part: 'password' | 'token') => {
    const hex = fingerprints[part]
    return hex === undefined ? null : <Fingerprint hex={hex} of={`${id}, ${t(`credential.${part}`)}`} />
  }
  return (
    <>
      <Facts
        labelWidth={92}
        rows={[
          [t('credential.username'), username],
          [t('credential.password'), print('password')],
          [t('credential.token'), print('token')],
          [t('credential.state'), <StatusLabel key="state" of={state} />],
          [t('credential.proof'), <ProofFact key="proof" proof={lastProof} lastReach={lastReach} />],
          [
            t('credential.sinks'),
            drifted > 0 ? (
              <StatusLabel key="sinks" of="drifted" word={t('credential.drifted', { drifted, count: sinks.length })} />
            ) : (
              t('credential.sinkCount', { count: sinks.length })
            ),
          ],
          [
            t('credential.version'),
            <span key="version">
              {version}, <Ago at={changedAt} />
            </span>,
          ],
        ]}
      />
      <div className={c.buttons}>
        <Button variant="default" component="a" href={hrefOf('credentials', id)}>
          {t('credential.manage')}
        </Button>
      </div>
    </>
  )
}

/** Only a service that let Regie in without a credential is known to be open. */
function withoutCredential({ health: { state } }: Service): 'none' | 'noneAsked' | 'noneUnknown' {
  if (state === 'ready' || state === 'authenticated') return 'none'
  return state === 'locked-out' ? 'noneAsked' : 'noneUnknown'
}

/** What opens the service: fingerprints, proof and drift in a few lines. */
export function CredentialPanel({ service, actions }: { service: Service; actions: ServiceActions }) {
  const { credentialId } = service
  const { t } = useTranslation(['services', 'common', 'edit'])
  const isAdmin = useIsAdmin()
  const credential = useQuery(
    api.credentials.get.queryOptions({ input: credentialId === null ? skipToken : { id: credentialId } }),
  )
  return (
    <Panel
      title={t('fact.credential')}
      {...(credentialId !== null && {
        note: credentialId,
        action: (
          <PanelAction href={hrefOf('credentials', credentialId)} label={t('credential.openOf', { id: credentialId })}>
            {t('common:action.open')}
          </PanelAction>
        ),
      })}
    >
      {credentialId === null ? (
        <>
          <p className={c.gpuNote}>{t(`credential.${withoutCredential(service)}`)}</p>
          {isAdmin && (
            <div className={c.buttons}>
              <Button variant="default" onClick={actions.edit}>
                {t('edit:action.addCredential')}
              </Button>
            </div>
          )}
        </>
      ) : (
        <Loaded query={credential} loading={<Loading rows={4} />}>
          {(data) => <Summary credential={data} lastReach={service.lastReach} />}
        </Loaded>
      )}
    </Panel>
  )
}
