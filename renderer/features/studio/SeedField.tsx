import { ActionIcon, NumberInput } from '@mantine/core'
import { IconDice3, IconLock, IconLockOpen } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { Tooltip } from '../../ui/Tooltip'
import { drawSeed } from '../gallery/seed'
import { changeForm, useStudio } from './store'
import c from './Studio.module.css'

/** The seed, a button that draws another, and one that keeps it for the next runs. */
export function SeedField() {
  const { t } = useTranslation('studio')
  const { seed, keepSeed } = useStudio().form
  const Lock = keepSeed ? IconLock : IconLockOpen
  return (
    <div className={c.seedRow}>
      <NumberInput
        label={t('form.seed')}
        value={seed}
        min={0}
        max={Number.MAX_SAFE_INTEGER}
        allowDecimal={false}
        allowNegative={false}
        clampBehavior="strict"
        hideControls
        className={c.seed}
        // A seed that somebody typed is meant to be used.
        onChange={(value) => typeof value === 'number' && changeForm({ seed: value, keepSeed: true })}
      />
      <Tooltip label={t('form.newSeed')}>
        <ActionIcon aria-label={t('form.newSeed')} onClick={() => changeForm({ seed: drawSeed(), keepSeed: true })}>
          <IconDice3 size={17} stroke={1.6} />
        </ActionIcon>
      </Tooltip>
      <Tooltip label={t('form.keepNote')} multiline maw={260}>
        <ActionIcon
          aria-label={t('form.keep')}
          aria-pressed={keepSeed}
          className={c.lock}
          onClick={() => changeForm({ keepSeed: !keepSeed })}
        >
          <Lock size={17} stroke={1.6} />
        </ActionIcon>
      </Tooltip>
    </div>
  )
}
