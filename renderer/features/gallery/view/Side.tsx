import { Button, Kbd } from '@mantine/core'
import { IconAdjustmentsHorizontal, IconBrush, IconRepeat, IconVersions } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { Generation } from '../../../../shared/contract'
import { CopyIcon } from '../../../ui/States'
import { About } from '../About'
import { openInStudio } from '../handover'
import { Tags } from '../Notes'
import { isPicture } from '../picture/still'
import { spentTime } from '../timings/phases'
import { Timings } from '../timings/Timings'
import { useEditImage } from '../useEditImage'
import { useRunAgain, varied } from '../useRunAgain'
import c from './View.module.css'

function Next({ generation, image }: { generation: Generation; image: Generation['images'][number] }) {
  const { t } = useTranslation('gallery')
  const { again, vary, isPending } = useRunAgain()
  const edit = useEditImage()
  return (
    <div className={c.actions}>
      {isPicture(image) && (
        <Button
          leftSection={<IconBrush size={16} stroke={1.6} />}
          loading={edit.isPending}
          aria-keyshortcuts="E"
          onClick={() => edit.mutate(image.id)}
        >
          {t('view.edit')}
        </Button>
      )}
      <Button
        variant="default"
        leftSection={<IconAdjustmentsHorizontal size={16} stroke={1.6} />}
        onClick={() => openInStudio(generation)}
      >
        {t('detail.use')}
      </Button>
      <Button
        variant="default"
        leftSection={<IconRepeat size={16} stroke={1.6} />}
        disabled={isPending}
        aria-keyshortcuts="R"
        onClick={() => again(generation)}
      >
        {t('view.again')}
      </Button>
      <Button
        variant="default"
        leftSection={<IconVersions size={16} stroke={1.6} />}
        disabled={isPending}
        aria-keyshortcuts="V"
        onClick={() => vary(generation)}
      >
        {t('view.vary', { count: varied })}
      </Button>
    </div>
  )
}

const keys = ['browse', 'edit', 'favourite', 'again', 'vary', 'zoom', 'details'] as const

/** What to do next with an image, and what made it. */
export function Side({ generation, image }: { generation: Generation; image: Generation['images'][number] }) {
  const { t } = useTranslation('gallery')
  const { params, finishedAt, createdAt } = generation
  return (
    <aside className={c.side} aria-label={t('view.details')}>
      <Next generation={generation} image={image} />
      <div className={c.scroll}>
        <section>
          <h2>
            {t('view.prompt')}
            <CopyIcon value={params.prompt} label={t('detail.copyPrompt')} />
          </h2>
          <p className={c.prompt}>{params.prompt}</p>
        </section>
        <section>
          <h2>{t('view.parameters')}</h2>
          <About generation={generation} image={image} />
        </section>
        <section>
          <Timings spent={spentTime(generation, finishedAt ?? createdAt)} />
        </section>
        <section>
          <h2>{t('tags.label')}</h2>
          <Tags generation={generation} />
        </section>
        <section className={c.keys}>
          {keys
            .filter((what) => isPicture(image) || (what !== 'edit' && what !== 'zoom'))
            .map((what) => (
              <span key={what}>
                <Kbd>{t(`view.key.${what}`)}</Kbd> {t(`view.does.${what}`)}
              </span>
            ))}
        </section>
      </div>
    </aside>
  )
}
