import { useTranslation } from 'react-i18next'
import { kinds, type KindId } from '../../../shared/kinds'
import { Panel } from '../../ui/Panel'
import c from './Gateway.module.css'

/** What the program keeps for everybody, whatever the gateway does: said, not hidden. */
export function CommonPanel({ kind }: { kind: KindId }) {
  const { t } = useTranslation('gateway')
  const { name: program, common } = kinds[kind]
  return (
    <Panel title={t('common.title')} flush>
      <div className={c.common}>
        <p>{t('common.text')}</p>
        <ul>
          {common.map((thing) => (
            <li key={thing}>{t(`common.${thing}`, { program })}</li>
          ))}
        </ul>
      </div>
    </Panel>
  )
}
