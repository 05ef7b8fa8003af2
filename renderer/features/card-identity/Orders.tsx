import { useTranslation } from 'react-i18next'
import { cardName } from '../../../shared/cards'
import type { CardIdentity } from '../../../shared/contract'
import { formatMiB } from '../../i18n/format'
import { Panel } from '../../ui/Panel'
import c from './CardIdentity.module.css'

const orders = ['smi', 'pciBusId', 'fastestFirst'] as const

/** A card's number in each order, beside the other cards: one that differs from nvidia-smi's stands out. */
export function Orders({ uuid, identity: { cards } }: { uuid: string; identity: CardIdentity }) {
  const { t } = useTranslation('identity')
  return (
    <Panel title={t('orders.title')} flush>
      <div className={c.scroll} tabIndex={0} role="group" aria-label={t('orders.title')}>
        <table className={c.orders}>
          <thead>
            <tr>
              <th scope="col">{t('orders.order')}</th>
              {cards.map((card) => (
                <th key={card.uuid} scope="col" data-here={card.uuid === uuid || undefined}>
                  <span className={c.sub}>
                    {card.busId ?? card.uuid.slice(0, 12)}
                    {card.uuid === uuid && cards.length > 1 && t('orders.here')}
                  </span>
                  <b>
                    {cardName(card.name)}
                    {card.memoryTotalMiB !== null && `, ${formatMiB(card.memoryTotalMiB)}`}
                  </b>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {orders.map((order) => (
              <tr key={order}>
                <th scope="row">
                  {t(`orders.${order}`)}
                  <span className={c.sub}>{t(`orders.${order}How`)}</span>
                </th>
                {cards.map((card) => {
                  const number = card[order]
                  const differs = number !== null && number !== card.smi
                  return (
                    <td key={card.uuid} data-here={card.uuid === uuid || undefined}>
                      {number === null ? (
                        <span className="dim">{t('unknown')}</span>
                      ) : (
                        <>
                          <span className={c.number} data-differs={differs || undefined}>
                            {number}
                          </span>
                          {differs && <span className={c.not}>{t('orders.not', { index: card.smi })}</span>}
                        </>
                      )}
                    </td>
                  )
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  )
}
