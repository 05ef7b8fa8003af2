import { IconArrowsLeftRight, IconTrash } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { LoadTest, LoadTestQuantile } from '../../../shared/contract'
import { api } from '../../api/query'
import { formatClock, formatDuration, formatInteger, formatMiB, formatTenths } from '../../i18n/format'
import { DotsButton } from '../../ui/DotsButton'
import type { MenuEntry } from '../../ui/menu-entry'
import { MenuButton } from '../../ui/MenuButton'
import { Panel, PanelAction } from '../../ui/Panel'
import { StatusIcon } from '../../ui/Status'
import { statusOfTest } from './view'
import c from './LoadTest.module.css'

/** So many are shown at first. */
const few = 8

const time = (of: LoadTestQuantile | null) => (of === null ? '–' : formatDuration(of.ms))

interface RowProps {
  test: LoadTest
  isOpen: boolean
  isCompared: boolean
  onOpen: () => void
  onCompare: () => void
}

function Row({ test, isOpen, isCompared, onOpen, onCompare }: RowProps) {
  const { t } = useTranslation('load')
  const remove = useMutation(api.loadTests.remove.mutationOptions())
  const { id, serviceId, state, startedAt, finishedAt, order, figures } = test
  const { perMinute, p50, p95, errors, vramMiB } = figures
  const when = formatClock(startedAt)
  const entries = (): MenuEntry[] => [
    ...(isOpen
      ? []
      : [
          {
            ...{ type: 'act' as const, key: 'compare', icon: IconArrowsLeftRight, onClick: onCompare },
            label: t(isCompared ? 'earlier.endCompare' : 'earlier.compare'),
          },
        ]),
    ...(finishedAt === null
      ? []
      : [
          {
            ...{ type: 'act' as const, key: 'delete', label: t('earlier.delete'), icon: IconTrash, isBad: true },
            onClick: () => remove.mutate({ id: serviceId, testId: id }),
          },
        ]),
  ]
  return (
    <tr aria-current={isOpen || undefined}>
      <th scope="row">
        <button type="button" className={c.open} onClick={onOpen}>
          <StatusIcon of={statusOfTest(test)} size={15} />
          {when}
          <span className="visually-hidden">, {t(`state.${state}`)}</span>
          {state !== 'completed' && <small aria-hidden>{t(`state.${state}`)}</small>}
          {isCompared && <small>{t('earlier.compared')}</small>}
        </button>
      </th>
      <td className="num">
        {formatInteger(order.count)} × {formatInteger(order.concurrency)}
      </td>
      <td className="num">{perMinute === null ? '–' : formatTenths(perMinute)}</td>
      <td className="num">{time(p50)}</td>
      <td className="num">{time(p95)}</td>
      <td className="num">{formatInteger(errors)}</td>
      <td className="num">{vramMiB === null ? '–' : formatMiB(vramMiB)}</td>
      <td>
        {(!isOpen || finishedAt !== null) && (
          <MenuButton entries={entries}>
            <DotsButton label={t('earlier.actions', { when })} />
          </MenuButton>
        )}
      </td>
    </tr>
  )
}

interface ReportsProps {
  tests: readonly LoadTest[]
  open: string | null
  compared: string | null
  onOpen: (id: string) => void
  onCompare: (id: string | null) => void
}

/** The reports that are kept, the newest first. */
export function Reports({ tests, open, compared, onOpen, onCompare }: ReportsProps) {
  const { t } = useTranslation('load')
  const [isWhole, setWhole] = useState(false)
  if (tests.length === 0) return null
  const shown = isWhole ? tests : tests.slice(0, few)
  return (
    <Panel
      title={t('earlier.title')}
      note={t('earlier.note', { count: tests.length })}
      action={
        tests.length > few && (
          <PanelAction onClick={() => setWhole(!isWhole)}>{t(isWhole ? 'earlier.few' : 'earlier.all')}</PanelAction>
        )
      }
      className={c.reports}
      flush
    >
      <div className={c.scroll} role="region" aria-label={t('earlier.title')} tabIndex={0}>
        <table className={c.list}>
          <thead>
            <tr>
              <th scope="col">{t('earlier.when')}</th>
              <th scope="col">{t('earlier.order')}</th>
              <th scope="col">{t('earlier.perMinute')}</th>
              <th scope="col">p50</th>
              <th scope="col">p95</th>
              <th scope="col">{t('figure.errors')}</th>
              <th scope="col">{t('figure.vram')}</th>
              <td />
            </tr>
          </thead>
          <tbody>
            {shown.map((test) => (
              <Row
                key={test.id}
                test={test}
                isOpen={test.id === open}
                isCompared={test.id === compared}
                onOpen={() => onOpen(test.id)}
                onCompare={() => onCompare(test.id === compared ? null : test.id)}
              />
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  )
}
