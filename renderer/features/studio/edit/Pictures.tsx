import { IconPlus, IconX } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { mostInputImages } from '../../../../shared/contract'
import { inputUrl } from '../../../api/images'
import { useStudio } from '../store'
import s from '../Studio.module.css'
import { AddMenu } from './AddMenu'
import c from './Edit.module.css'
import { mostFor, type Fit } from './fits'
import { dropTarget, removePicture, useGivePicture } from './pictures'

interface PicturesProps {
  fit: Fit | null
  /** How many of them the task uses. */
  used: number
}

/** The source, and what else the prompt refers to: dropped, pasted, chosen, or from the gallery. */
export function Pictures({ fit, used }: PicturesProps) {
  const { t } = useTranslation('editing')
  const { pictures } = useStudio().form.edit
  const { give, isPending } = useGivePicture()
  const most = fit ? mostFor(fit.family) : mostInputImages
  const note =
    most > 1
      ? t(pictures.length > 1 ? 'images.say' : 'images.count', { count: pictures.length, of: most })
      : t('images.one')
  return (
    <fieldset className={s.group} {...dropTarget(give, 'next')}>
      <legend className={s.legend}>
        {t('images.label')}
        <span>{note}</span>
      </legend>
      <ul className={c.refs}>
        {pictures.map((id, index) => (
          <li key={id} data-unused={index >= used || undefined}>
            <img src={inputUrl(id)} alt={t('images.alt', { n: index + 1 })} draggable={false} />
            <span>
              {index >= used ? t('images.unused') : index === 0 ? t('images.first') : t('images.nth', { n: index + 1 })}
            </span>
            <button
              type="button"
              aria-label={t('images.remove', { n: index + 1 })}
              onClick={() => removePicture(id, t('images.removed', { n: index + 1 }))}
            >
              <IconX size={14} aria-hidden />
            </button>
          </li>
        ))}
        {pictures.length < mostInputImages && (
          <li className={c.addCell}>
            <AddMenu onGive={(given) => give(given, 'next')}>
              <button type="button" className={c.addRef} aria-busy={isPending}>
                <IconPlus size={16} stroke={1.6} aria-hidden />
                {t('images.add')}
              </button>
            </AddMenu>
          </li>
        )}
      </ul>
    </fieldset>
  )
}
