import { Checkbox } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { UpdateOffer } from '../../../shared/contract'
import { Failure } from '../../api/Failure'
import { describeReason } from '../../i18n'
import { formatClock, formatDuration, formatInteger, formatMiB } from '../../i18n/format'
import { Facts, Panel } from '../../ui/Panel'
import { WithinAMinute } from './Course'
import { FilesPanel } from './FilesPanel'
import { PartsTable } from './PartsTable'
import { SafetyLine } from './SafetyLine'
import c from './Updates.module.css'
import { StepsAhead } from './UpdateSteps'
import type { Ordering } from './useOrdering'

/** What an update would do, what it takes, and what the person has to say before it can begin. */
export function Offer({ offer, ordering }: { offer: UpdateOffer; ordering: Ordering }) {
  const { choices, choose, missing, error } = ordering
  const isNew = offer.state !== 'up-to-date'
  return (
    <div className={c.page}>
      <First offer={offer} />
      {error !== null && <Failure error={error} />}
      <div className={c.columns}>
        <div className={c.column}>
          {isNew && offer.to !== null && <WhatItTakes offer={offer} ordering={ordering} />}
          {isNew && offer.to !== null && <StepsAhead />}
          {isNew && offer.to !== null && <WithinAMinute lastUndo={offer.lastUndo} />}
        </div>
        <div className={c.column}>
          {isNew && offer.files.length > 0 && (
            <FilesPanel files={offer.files} choices={choices} onChoose={choose} missing={missing.files} />
          )}
          {offer.parts.length > 0 && <PartsTable parts={offer.parts} />}
        </div>
      </div>
    </div>
  )
}

function First({ offer: { state, from, to, reasons } }: { offer: UpdateOffer }) {
  const { t } = useTranslation('updates')
  switch (state) {
    case 'available':
      return (
        <SafetyLine tone="quiet" says={t('offer.available', { to })}>
          {t('offer.availableText', { from })}
        </SafetyLine>
      )
    case 'up-to-date':
      return (
        <SafetyLine tone="good" says={t('offer.up-to-date', { from })}>
          {t('offer.upToDateText')}
        </SafetyLine>
      )
    case 'refused':
      return (
        <SafetyLine tone="warn" says={t('offer.refused')}>
          {reasons.map((one) => {
            const { message, hint } = describeReason(one)
            return (
              <span key={one.problem} className={c.reason}>
                {message} {hint}
              </span>
            )
          })}
        </SafetyLine>
      )
  }
}

function WhatItTakes({ offer, ordering }: { offer: UpdateOffer; ordering: Ordering }) {
  const { t } = useTranslation('updates')
  const { from, to, expectedMs, gpu, lastUndo, envKeys } = offer
  const { mayStopOld, setMayStopOld, missing } = ordering
  return (
    <Panel title={t('offer.what')}>
      <Facts
        labelWidth={124}
        rows={[
          [t('offer.version'), `${from ?? '–'} → ${to ?? '–'}`],
          [t('offer.time'), <Time key="time" ms={expectedMs} />],
          [t('offer.disk'), <Disk key="disk" space={offer.space} />],
          [t('offer.card'), <Card key="card" gpu={gpu} />],
          [t('offer.settings'), envKeys.length === 0 ? null : <Keys key="keys" keys={envKeys} />],
          [
            t('offer.lastUndo'),
            lastUndo &&
              t('offer.lastUndoValue', { date: formatClock(lastUndo.at), time: formatDuration(lastUndo.tookMs) }),
          ],
        ]}
      />
      {gpu.holdsBoth !== true && (
        <Checkbox
          className={c.mayStop}
          label={t('offer.mayStop')}
          description={t('offer.mayStopNote')}
          checked={mayStopOld}
          onChange={(event) => setMayStopOld(event.currentTarget.checked)}
          error={missing.card && t('offer.mayStopNeeded')}
        />
      )}
    </Panel>
  )
}

function Keys({ keys }: { keys: readonly string[] }) {
  return <span className={`mono ${c.wrap}`}>{keys.join(', ')}</span>
}

function Time({ ms }: { ms: number | null }) {
  const { t } = useTranslation('updates')
  return (
    <span className={c.wrap}>
      {ms === null ? t('offer.timeUnknown') : t('offer.timeKnown', { time: formatDuration(ms) })}
    </span>
  )
}

function Disk({ space: { neededGiB, freeGiB } }: Pick<UpdateOffer, 'space'>) {
  const { t } = useTranslation('updates')
  const needed = neededGiB === null ? null : formatInteger(neededGiB)
  if (needed === null) return t('offer.diskUnknown')
  return (
    <span className={c.wrap}>
      {freeGiB === null
        ? t('offer.diskNeeded', { needed })
        : t('offer.diskKnown', { needed, free: formatInteger(freeGiB) })}
    </span>
  )
}

function Card({ gpu: { holdsBoth, neededMiB, freeMiB } }: Pick<UpdateOffer, 'gpu'>) {
  const { t } = useTranslation('updates')
  if (holdsBoth === true) return t('offer.cardBoth')
  if (holdsBoth === null || neededMiB === null || freeMiB === null)
    return <span className={c.wrap}>{t('offer.cardUnknown')}</span>
  return (
    <span className={c.wrap}>{t('offer.cardOne', { needed: formatMiB(neededMiB), free: formatMiB(freeMiB) })}</span>
  )
}
