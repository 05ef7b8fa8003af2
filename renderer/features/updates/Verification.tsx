import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Update, UpdatePicture } from '../../../shared/contract'
import { updatePictureUrl } from '../../api/images'
import { formatDuration } from '../../i18n/format'
import { Panel, PanelAction } from '../../ui/Panel'
import { StatusIcon } from '../../ui/Status'
import { Checks } from './Checks'
import c from './Updates.module.css'
import { checkOf } from './view'

/** What the new version is asked before it takes over: the same image as before, and figures beside the former ones. */
export function Verification({ update }: { update: Update }) {
  const { t } = useTranslation('updates')
  const [isDifference, setDifference] = useState(false)
  const { pictures, checks } = update
  const hasBoth = pictures.old !== null && pictures.new !== null
  const differs = checkOf(checks, 'similarity')?.state === 'warning'
  return (
    <Panel
      title={t('verify.title')}
      note={t('verify.note')}
      action={
        hasBoth && (
          <PanelAction onClick={() => setDifference(!isDifference)}>
            {t(isDifference ? 'action.sideBySide' : 'action.compare')}
          </PanelAction>
        )
      }
    >
      {differs && (
        <p className={c.differs}>
          <StatusIcon of="warning" /> {t('verify.differs')}
        </p>
      )}
      <div className={c.verify}>
        <div className={c.pair} data-difference={isDifference || undefined}>
          <Golden update={update} />
          <Fresh update={update} differs={differs} />
          {isDifference && <Difference id={update.id} />}
        </div>
        <Checks checks={checks} />
      </div>
    </Panel>
  )
}

function Golden({ update: { id, from, pictures, sampling, state } }: { update: Update }) {
  const { t } = useTranslation('updates')
  const isMaking = sampling?.of === 'old'
  return (
    <figure className={c.figure}>
      {pictures.old ? (
        <Shown id={id} of="old" picture={pictures.old} alt={t('verify.goldenAlt', { version: from })} />
      ) : (
        <Blank word={isMaking ? null : t(state === 'running' ? 'verify.waiting' : 'verify.none')} />
      )}
      {isMaking && <Bar sampling={sampling} />}
      <figcaption>
        <b>{t('verify.golden')}</b>
        <Caption picture={pictures.old} sampling={isMaking ? sampling : null} />
      </figcaption>
    </figure>
  )
}

function Fresh({ update: { id, to, pictures, sampling, state }, differs }: { update: Update; differs: boolean }) {
  const { t } = useTranslation('updates')
  const isMaking = sampling?.of === 'new'
  return (
    <figure className={c.figure} data-making={isMaking || undefined} data-differs={differs || undefined}>
      {pictures.new ? (
        <Shown id={id} of="new" picture={pictures.new} alt={t('verify.newAlt', { version: to })} />
      ) : (
        <Blank word={isMaking ? null : t(state === 'running' ? 'verify.waiting' : 'verify.none')} />
      )}
      {isMaking && <Bar sampling={sampling} />}
      <figcaption>
        <b>{t('verify.new')}</b>
        <Caption picture={pictures.new} sampling={isMaking ? sampling : null} />
      </figcaption>
    </figure>
  )
}

function Shown({ id, of, picture, alt }: { id: string; of: 'old' | 'new'; picture: UpdatePicture; alt: string }) {
  const { width, height } = picture
  return (
    <img className={c.image} src={updatePictureUrl(id, of)} alt={alt} style={{ aspectRatio: `${width} / ${height}` }} />
  )
}

const Blank = ({ word }: { word: string | null }) => <div className={c.blank}>{word}</div>

type Sampling = NonNullable<Update['sampling']>

function Bar({ sampling: { step, steps } }: { sampling: Sampling }) {
  const isKnown = step !== null && steps !== null && steps > 0
  return (
    <span className={c.bar} data-tells>
      <span style={{ width: `${isKnown ? (step / steps) * 100 : 0}%` }} />
    </span>
  )
}

function Caption({ picture, sampling }: { picture: UpdatePicture | null; sampling: Sampling | null }) {
  const { t } = useTranslation('updates')
  if (sampling) {
    const { step, steps } = sampling
    return (
      <span>
        {step !== null && steps !== null ? t('verify.sampling', { step, count: steps }) : t('verify.samplingPlain')}
      </span>
    )
  }
  if (!picture) return null
  const { version, tookMs } = picture
  return <span>{tookMs === null ? version : t('verify.versionTime', { version, time: formatDuration(tookMs) })}</span>
}

/** The browser takes one from the other: what is equal is black. */
function Difference({ id }: { id: string }) {
  const { t } = useTranslation('updates')
  return (
    <figure className={c.figure}>
      <div className={c.difference} role="img" aria-label={t('verify.differenceAlt')}>
        <img src={updatePictureUrl(id, 'old')} alt="" />
        <img src={updatePictureUrl(id, 'new')} alt="" />
      </div>
      <figcaption>
        <b>{t('verify.difference')}</b>
      </figcaption>
    </figure>
  )
}
