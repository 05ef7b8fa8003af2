import { useMutation } from '@tanstack/react-query'
import { Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import type { Credential, Proof } from '../../../shared/contract'
import { isAcceptedByServices } from '../../../shared/proof'
import { api, queryClient } from '../../api/query'
import { Ago } from '../../ui/Ago'
import { Panel, PanelAction } from '../../ui/Panel'
import { ProofMatrix } from './rotation/ProofMatrix'
import { StatusLabel, type StatusKey } from '../../ui/Status'
import { describeReason } from '../../i18n'
import c from './Credentials.module.css'
import { lazyPart } from '../../ui/parts'

const WhyLinks = lazyPart(() => import('../doctor/WhyLinks'))

const outcomeStatus: Record<Proof['outcome'], StatusKey> = {
  proven: 'proven',
  failed: 'failed',
  unreachable: 'unknown',
  none: 'unknown',
}

/** The last proof of a credential, and a way to ask for another. */
export function ProofPanel({ credential }: { credential: Credential }) {
  const { t } = useTranslation('credentials')
  const verify = useMutation(
    api.credentials.verify.mutationOptions({
      onSuccess: (lastProof) =>
        queryClient.setQueryData(api.credentials.list.queryKey(), (list) =>
          list?.map((one) => (one.id === credential.id ? { ...one, lastProof } : one)),
        ),
    }),
  )
  const proof = credential.lastProof
  return (
    <Panel
      title={t('proof.title')}
      note={proof && <Ago at={proof.at} />}
      action={
        <PanelAction onClick={() => verify.mutate({ id: credential.id })} disabled={verify.isPending}>
          {t(verify.isPending ? 'proof.proving' : 'proof.again')}
        </PanelAction>
      }
    >
      {proof ? <Found proof={proof} /> : <p className={c.text}>{t('proof.never')}</p>}
      {((proof?.outcome === 'failed' && !isAcceptedByServices(proof)) || credential.state === 'refused') && (
        <Suspense fallback={null}>
          <WhyLinks serviceIds={credential.serviceIds} />
        </Suspense>
      )}
    </Panel>
  )
}

function Found({ proof }: { proof: Proof }) {
  const { t } = useTranslation('credentials')
  const why = proof.reason && describeReason(proof.reason)
  return (
    <div className={c.proofFound}>
      {proof.rows.length > 0 && <ProofMatrix rows={proof.rows} dense fresh="current" />}
      <div className={c.outcome}>
        <StatusLabel of={outcomeStatus[proof.outcome]} word={t(`proof.outcome.${proof.outcome}`)} />
        {why && (
          <p className={c.text}>
            {why.message} {why.hint}
          </p>
        )}
        {proof.sessions?.map(({ serviceId, fate }) => (
          <p key={serviceId} className={c.text}>
            {t(`proof.sessions.${fate}`, { service: serviceId })}
          </p>
        ))}
        {proof.outcome === 'none' && !why && <p className={c.text}>{t('proof.nobody')}</p>}
      </div>
    </div>
  )
}
