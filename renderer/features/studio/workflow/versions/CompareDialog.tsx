import { Modal, Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { WorkflowDetail, WorkflowInput } from '../../../../../shared/contract'
import { Loaded } from '../../../../api/Loaded'
import { formatDay } from '../../../../i18n/format'
import { useReturnFocus } from '../../../../ui/useReturnFocus'
import s from '../../Studio.module.css'
import { api } from '../../../../api/query'
import { useLabels } from '../form/labels'
import { differencesOf, isSame } from '../model/differences'
import c from './Versions.module.css'

/** What is different between an earlier version and the present one. */
export default function CompareDialog({ detail, onClose }: { detail: WorkflowDetail; onClose: () => void }) {
  const { t } = useTranslation('workflow')
  useReturnFocus()
  const [, ...earlier] = detail.versions
  const [version, setVersion] = useState(earlier[0]?.version ?? detail.version)
  const before = useQuery(api.workflows.get.queryOptions({ input: { id: detail.id, version } }))
  return (
    <Modal opened onClose={onClose} title={t('compare.title', { version: detail.version })} size={560}>
      <Select
        label={t('compare.with')}
        data={earlier.map((one) => ({
          value: String(one.version),
          label: t('compare.option', { version: one.version, day: formatDay(one.at) }),
        }))}
        value={String(version)}
        onChange={(value) => value !== null && setVersion(Number(value))}
      />
      <Loaded query={before}>{(old) => <Told before={old} after={detail} />}</Loaded>
    </Modal>
  )
}

const shown = (value: string | number | boolean) => {
  const text = String(value)
  return text.length > 120 ? `${text.slice(0, 119)}…` : text
}

function Told({ before, after }: { before: WorkflowDetail; after: WorkflowDetail }) {
  const { t } = useTranslation('workflow')
  const { nameOf } = useLabels()
  const found = differencesOf(before, after)
  const named = (input: WorkflowInput) => `${input.nodeTitle}: ${nameOf(input)}`
  const lists = [
    ['nodesAdded', found.nodesAdded],
    ['nodesRemoved', found.nodesRemoved],
    ['inputsAdded', found.inputsAdded.map(named)],
    ['inputsRemoved', found.inputsRemoved.map(named)],
    [
      'changed',
      found.changed.map(({ input, before: was }) =>
        t('compare.from', { input: named(input), before: shown(was), after: shown(input.value) }),
      ),
    ],
    ['pinned', found.pinned.map(named)],
    ['unpinned', found.unpinned.map(named)],
  ] as const
  return (
    <div className={c.told}>
      {isSame(found) && <p className={s.note}>{t('compare.same')}</p>}
      {lists.map(
        ([key, items]) =>
          items.length > 0 && (
            <section key={key}>
              <h3>{t(`compare.${key}`, { count: items.length })}</h3>
              <ul>
                {items.map((item) => (
                  <li key={item}>{item}</li>
                ))}
              </ul>
            </section>
          ),
      )}
      {found.isReordered && <p className={s.note}>{t('compare.reordered')}</p>}
    </div>
  )
}
