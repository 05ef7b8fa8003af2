import { ActionIcon } from '@mantine/core'
import { IconPhotoOff, IconRepeat, IconStar, IconStarFilled } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { UsedPrompt } from '../../../shared/contract'
import { thumbnailUrl } from '../../api/images'
import { formatDuration } from '../../i18n/format'
import { Ago } from '../../ui/Ago'
import { Panel, PanelAction } from '../../ui/Panel'
import { Tooltip } from '../../ui/Tooltip'
import { shortModel } from '../gallery/short-model'
import { useFavourite } from '../gallery/useChanges'
import c from './PromptHistory.module.css'
import { changeForm } from './store'
import { usePromptHistory } from './usePromptHistory'

/** So many are shown until all are asked for. */
const shownFirst = 5

/** The prompts that were used, with what they made: use one again, or mark it. */
export function PromptHistory() {
  const { t } = useTranslation('studio')
  const used = usePromptHistory()
  const [isAll, setAll] = useState(false)
  if (used.length === 0) return null
  return (
    <div className={c.place}>
      <Panel
        title={t('history.title')}
        note={t('history.note', { count: used.length })}
        action={
          used.length > shownFirst && (
            <PanelAction onClick={() => setAll(!isAll)}>{t(isAll ? 'history.fewer' : 'history.all')}</PanelAction>
          )
        }
        flush
      >
        <ul className={c.list}>
          {used.slice(0, isAll ? undefined : shownFirst).map((one) => (
            <Line key={one.generationId} used={one} />
          ))}
        </ul>
      </Panel>
    </div>
  )
}

function Line({ used }: { used: UsedPrompt }) {
  const { t } = useTranslation(['studio', 'gallery'])
  const favourite = useFavourite()
  const { prompt, negativePrompt, imageId, model, serviceId, totalMs, at } = used
  const label = t(used.favourite ? 'gallery:bulk.unmark' : 'gallery:bulk.mark')
  const use = () => changeForm({ prompt, negativePrompt })
  return (
    <li>
      {imageId === null ? (
        <span className={c.none}>
          <IconPhotoOff size={16} stroke={1.4} aria-hidden />
        </span>
      ) : (
        <img src={thumbnailUrl(imageId)} alt="" loading="lazy" />
      )}
      <button type="button" className={c.prompt} title={prompt} onClick={use}>
        {prompt}
      </button>
      <span className={c.model}>{model === null ? serviceId : shortModel(model)}</span>
      <span className={c.time}>{totalMs === null ? '' : formatDuration(totalMs)}</span>
      <span className={c.ago}>
        <Ago at={at} />
      </span>
      <Tooltip label={t('history.use')}>
        <ActionIcon variant="subtle" color="gray" aria-label={t('history.use')} onClick={use}>
          <IconRepeat size={16} stroke={1.6} />
        </ActionIcon>
      </Tooltip>
      <Tooltip label={label}>
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label={label}
          onClick={() => favourite({ id: used.generationId, favourite: used.favourite })}
        >
          {used.favourite ? <IconStarFilled size={16} /> : <IconStar size={16} stroke={1.6} />}
        </ActionIcon>
      </Tooltip>
    </li>
  )
}
