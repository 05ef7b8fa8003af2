import {
  IconBrandDocker,
  IconChevronRight,
  IconFlask2,
  IconFolderSearch,
  IconPlugConnected,
  IconTerminal2,
} from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { StackId } from '../../../../shared/contract'
import { stackIds, stackKinds } from '../../../../shared/kinds'
import { findSecretsHref } from '../../../ui/route'
import { KindIcon } from '../KindIcon'
import { StatusLabel } from '../../../ui/Status'
import c from './Add.module.css'
import { useDockerAnswers } from './DockerNotice'
import { useFirstFocus } from './useFirstFocus'

/** What can be added. */
export type Way =
  | { way: 'stack'; stackId: StackId }
  | { way: 'project' }
  | { way: 'plain'; runtime: 'external' | 'process' | 'simulator' }

interface ChoiceProps {
  icon: ReactNode
  title: string
  note: string
  aside?: ReactNode
  onChoose: () => void
  first?: boolean
}

function Choice({ icon, title, note, aside, onChoose, first = false }: ChoiceProps) {
  return (
    <li>
      <button type="button" className={c.choice} onClick={onChoose} {...(first && { 'data-autofocus': true })}>
        {icon}
        <span className={c.choiceText}>
          <b>{title}</b>
          <span>{note}</span>
        </span>
        {aside}
        <IconChevronRight size={16} className={c.chevron} aria-hidden />
      </button>
    </li>
  )
}

/** The first question: what to add. */
export function Choose({ onChoose }: { onChoose: (way: Way) => void }) {
  const { t } = useTranslation('add')
  const isDockerThere = useDockerAnswers()
  const step = useFirstFocus<HTMLDivElement>()
  const noDocker = isDockerThere === false && <StatusLabel of="unhealthy" word={t('docker.short')} />
  return (
    <div ref={step} className={c.form}>
      <section aria-labelledby="add-new">
        <h3 id="add-new" className={c.heading}>
          {t('choose.new')}
        </h3>
        <ul className={c.choices}>
          {stackIds.map((stackId, at) => (
            <Choice
              key={stackId}
              first={at === 0}
              icon={<KindIcon kind={stackKinds[stackId]} />}
              title={t(`stack.${stackId}.title`)}
              note={t(`stack.${stackId}.note`)}
              aside={noDocker}
              onChoose={() => onChoose({ way: 'stack', stackId })}
            />
          ))}
        </ul>
      </section>
      <section aria-labelledby="add-there">
        <h3 id="add-there" className={c.heading}>
          {t('choose.there')}
        </h3>
        <ul className={c.choices}>
          <Choice
            icon={<IconBrandDocker size={20} stroke={1.6} className={c.choiceIcon} aria-hidden />}
            title={t('choose.project')}
            note={t('choose.projectNote')}
            aside={noDocker}
            onChoose={() => onChoose({ way: 'project' })}
          />
          <Choice
            icon={<IconFolderSearch size={20} stroke={1.6} className={c.choiceIcon} aria-hidden />}
            title={t('choose.find')}
            note={t('choose.findNote')}
            onChoose={() => {
              location.hash = findSecretsHref
            }}
          />
          <Choice
            icon={<IconPlugConnected size={20} stroke={1.6} className={c.choiceIcon} aria-hidden />}
            title={t('choose.external')}
            note={t('choose.externalNote')}
            onChoose={() => onChoose({ way: 'plain', runtime: 'external' })}
          />
          <Choice
            icon={<IconTerminal2 size={20} stroke={1.6} className={c.choiceIcon} aria-hidden />}
            title={t('choose.process')}
            note={t('choose.processNote')}
            onChoose={() => onChoose({ way: 'plain', runtime: 'process' })}
          />
        </ul>
      </section>
      <section aria-labelledby="add-try">
        <h3 id="add-try" className={c.heading}>
          {t('choose.try')}
        </h3>
        <ul className={c.choices}>
          <Choice
            icon={<IconFlask2 size={20} stroke={1.6} className={c.choiceIcon} aria-hidden />}
            title={t('choose.simulator')}
            note={t('choose.simulatorNote')}
            onChoose={() => onChoose({ way: 'plain', runtime: 'simulator' })}
          />
        </ul>
      </section>
    </div>
  )
}
