import {
  IconBrandDocker,
  IconChevronRight,
  IconFlask2,
  IconFolderSearch,
  IconPlugConnected,
  IconTerminal2,
  type Icon,
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

const picture = (I: Icon) => <I size={20} stroke={1.6} className={c.choiceIcon} aria-hidden />

function Group({ of, children }: { of: 'new' | 'there' | 'try'; children: ReactNode }) {
  const { t } = useTranslation('add')
  const id = `add-${of}`
  return (
    <section aria-labelledby={id}>
      <h3 id={id} className={c.heading}>
        {t(`choose.${of}`)}
      </h3>
      <ul className={c.choices}>{children}</ul>
    </section>
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
      <Group of="new">
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
      </Group>
      <Group of="there">
        <Choice
          icon={picture(IconBrandDocker)}
          title={t('choose.project')}
          note={t('choose.projectNote')}
          aside={noDocker}
          onChoose={() => onChoose({ way: 'project' })}
        />
        <Choice
          icon={picture(IconFolderSearch)}
          title={t('choose.find')}
          note={t('choose.findNote')}
          onChoose={() => {
            location.hash = findSecretsHref
          }}
        />
        <Choice
          icon={picture(IconPlugConnected)}
          title={t('choose.external')}
          note={t('choose.externalNote')}
          onChoose={() => onChoose({ way: 'plain', runtime: 'external' })}
        />
        <Choice
          icon={picture(IconTerminal2)}
          title={t('choose.process')}
          note={t('choose.processNote')}
          onChoose={() => onChoose({ way: 'plain', runtime: 'process' })}
        />
      </Group>
      <Group of="try">
        <Choice
          icon={picture(IconFlask2)}
          title={t('choose.simulator')}
          note={t('choose.simulatorNote')}
          onChoose={() => onChoose({ way: 'plain', runtime: 'simulator' })}
        />
      </Group>
    </div>
  )
}
