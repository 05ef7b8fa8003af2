import { Button } from '@mantine/core'
import { IconPlugConnected } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ConnectionResult, ConnectionTest, ServiceKind, TypedSecret } from '../../../../shared/contract'
import { kinds } from '../../../../shared/kinds'
import { client } from '../../../api/client'
import { Failure } from '../../../api/Failure'
import { useSecretCall } from '../../../api/useSecretCall'
import { describeReason } from '../../../i18n'
import { formatInteger } from '../../../i18n/format'
import { Ago } from '../../../ui/Ago'
import { StatusIcon, type StatusKey } from '../../../ui/Status'
import { isBaseUrl } from '../new-service'
import c from './Connection.module.css'

/** What is tried: unsaved values, as they are typed. */
interface Question {
  kind: ServiceKind
  url: string
  credentialId: string
  secret: TypedSecret | undefined
}

const looks: Record<ConnectionResult, StatusKey> = {
  protected: 'ready',
  open: 'warning',
  'credential-needed': 'warning',
  'credential-refused': 'refused',
  'connection-refused': 'unreachable',
  'timed-out': 'unreachable',
  'host-unknown': 'unreachable',
  tls: 'failed',
  unreachable: 'unreachable',
  'other-program': 'failed',
  unready: 'warning',
}

/** What was tried last, with its answer; another address or credential makes it stale. */
export function useConnectionTest(question: Question) {
  const { kind, url, credentialId, secret } = question
  const [last, setLast] = useState<{ asked: string; found: ConnectionTest; at: number } | null>(null)
  const call = useSecretCall((input: Question) =>
    client.services.testConnection({
      ...{ kind: input.kind, url: input.url.trim() },
      ...(input.secret ? { secret: input.secret } : input.credentialId !== '' && { credentialId: input.credentialId }),
    }),
  )
  const asked = JSON.stringify([kind, url.trim(), credentialId, secret])
  return {
    run: () => void call.run(question, (found) => setLast({ asked, found, at: Date.now() })),
    isRunning: call.isRunning,
    error: call.error,
    kind,
    canRun: isBaseUrl(url.trim()),
    last: last && { ...last, isStale: last.asked !== asked },
  }
}

type Testing = ReturnType<typeof useConnectionTest>

export function TestButton({ test }: { test: Testing }) {
  const { t } = useTranslation('edit')
  return (
    <Button
      variant="default"
      leftSection={<IconPlugConnected size={16} stroke={1.6} />}
      onClick={test.run}
      loading={test.isRunning}
      disabled={!test.canRun}
    >
      {t('test.run')}
    </Button>
  )
}

/** What came back, in protocol terms, and what it means. */
export function TestResult({ test: { last, error, kind } }: { test: Testing }) {
  const { t } = useTranslation(['edit', 'common'])
  if (!last) return <Failure error={error} />
  const { found, at, isStale } = last
  const version = found.version === null ? '' : `${kinds[kind].name} ${found.version}, `
  return (
    <>
      <div className={c.result} role="status" data-stale={isStale || undefined}>
        <StatusIcon of={isStale ? 'stale' : looks[found.result]} size={16} />
        <span>
          <b>{isStale ? t('test.stale') : t(`test.result.${found.result}`)}</b>{' '}
          <span className="dim">
            {version}
            {t('test.took', { ms: formatInteger(found.tookMs) })}, <Ago at={at} />
          </span>
        </span>
        {found.asked !== '' && (
          <span className={`mono ${c.probes}`}>
            {found.asked} <i>{found.answered}</i>
          </span>
        )}
        {found.reason && !isStale && <span className={c.why}>{describeReason(found.reason).hint}</span>}
      </div>
      <Failure error={error} />
    </>
  )
}
