import { useQuery } from '@tanstack/react-query'
import { IconChevronRight } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { GeneratedImage } from '../../../shared/contract'
import { api } from '../../api/query'
import { CopyIcon } from '../../ui/States'
import c from './Gallery.module.css'
import { Loaded } from '../../api/Loaded'

/** JSON is set out in lines; everything else is shown as it is. */
function readable(text: string): string {
  if (!/^\s*[[{]/.test(text)) return text
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    return text
  }
}

/** The texts that the service wrote into the file; those of other files than PNG are not known. */
export function Metadata({ image: { id, mime } }: { image: Pick<GeneratedImage, 'id' | 'mime'> }) {
  const { t } = useTranslation('gallery')
  const isRead = mime === 'image/png'
  const metadata = useQuery(api.images.metadata.queryOptions({ input: { id }, enabled: isRead }))
  if (!isRead)
    return (
      <section className={c.embedded}>
        <h3>{t('detail.metadata')}</h3>
        <p>{t('detail.metadataUnread')}</p>
      </section>
    )
  return (
    <section className={c.embedded}>
      <h3>{t('detail.metadata')}</h3>
      <Loaded query={metadata}>
        {(found) => {
          const entries = Object.entries(found)
          if (entries.length === 0) return <p>{t('detail.metadataNone')}</p>
          return (
            <>
              <p>{t('detail.metadataNote')}</p>
              {entries.map(([name, text]) => (
                <details key={name}>
                  <summary>
                    <IconChevronRight size={14} aria-hidden />
                    <span className="mono">{name}</span>
                  </summary>
                  <div className={c.chunk}>
                    <pre>{readable(text)}</pre>
                    <CopyIcon value={text} label={t('detail.copyEntry', { name })} />
                  </div>
                </details>
              ))}
            </>
          )
        }}
      </Loaded>
    </section>
  )
}
