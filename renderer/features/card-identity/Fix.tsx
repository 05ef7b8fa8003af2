import { Button } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { CardIdentity } from '../../../shared/contract'
import { Failure } from '../../api/Failure'
import { api } from '../../api/query'
import { describeReason } from '../../i18n'
import { Panel } from '../../ui/Panel'
import { askHref, hrefOf } from '../../ui/route'
import { Diff } from '../compose/Diff'
import { useLintActions } from '../compose/useLintActions'
import c from './CardIdentity.module.css'

type Row = CardIdentity['services'][number]

function Apply({ id, fix: { fix, files } }: { id: string; fix: NonNullable<Row['fix']> }) {
  const { t } = useTranslation('identity')
  const cache = useQueryClient()
  const lint = useLintActions(id, {
    done: () => ({ title: t('fix.done'), message: t('fix.then') }),
    onDone: () => void cache.invalidateQueries({ queryKey: api.gpus.key() }),
    quiet: true,
  })
  return (
    <>
      {fix.diffs.map((diff) => (
        <Diff key={diff.file} diff={diff} />
      ))}
      <Failure error={lint.fix.error} />
      <div className={c.buttons}>
        <Button loading={lint.fix.isPending} onClick={() => lint.fix.mutate({ id, fixes: [fix.id], files })}>
          {t('fix.apply')}
        </Button>
        <Button variant="default" component="a" href={askHref(id, 'recreate')}>
          {t('fix.recreate')}
        </Button>
      </div>
    </>
  )
}

/** What to change so that a service works on the card that is meant. */
export function Fix({ service: { serviceId: id, reason, fix, requested } }: { service: Row }) {
  const { t } = useTranslation('identity')
  const { message, hint } = describeReason(reason)
  return (
    <Panel title={t('fix.title')} note={fix ? t('fix.place', { id, name: fix.name, line: fix.line }) : id}>
      <p className={c.prose}>
        <b>{message}</b> {hint}
      </p>
      {fix ? (
        <Apply id={id} fix={fix} />
      ) : (
        <p className={c.prose}>
          {t('fix.byHand')}{' '}
          {requested?.in === 'command' ? (
            <a href={askHref(id, 'edit')}>{t('fix.settings')}</a>
          ) : (
            <a href={hrefOf('services', id, 'compose')}>{t('fix.files')}</a>
          )}
        </p>
      )}
    </Panel>
  )
}
