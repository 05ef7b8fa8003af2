import { Button, Textarea, TextInput } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { IconBrandDocker, IconChevronRight } from '@tabler/icons-react'
import { useState, type SubmitEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { ComposeProject } from '../../../../shared/contract'
import { api } from '../../../api/query'
import { Failure } from '../../../api/Failure'
import { Loaded } from '../../../api/Loaded'
import c from './Add.module.css'
import { PathField } from './PathField'

const linesOf = (text: string) =>
  text
    .split(/[\n,]/)
    .map((line) => line.trim())
    .filter((line) => line !== '')

/** What few projects need beside their first file. */
interface More {
  overrides: string
  profiles: string
  envFile: string
}

function toInput({ overrides, profiles, envFile }: More) {
  const [others, on] = [linesOf(overrides), linesOf(profiles)]
  return {
    ...(others.length > 0 && { overrides: others }),
    ...(on.length > 0 && { profiles: on }),
    ...(envFile.trim() !== '' && { envFile: envFile.trim() }),
  }
}

function MoreFields({ more, onChange }: { more: More; onChange: (part: Partial<More>) => void }) {
  const { t } = useTranslation('add')
  return (
    <details className={c.details}>
      <summary>{t('project.more')}</summary>
      <div className={c.form}>
        <Textarea
          label={t('project.overrides')}
          description={t('project.overridesNote')}
          value={more.overrides}
          onChange={(event) => onChange({ overrides: event.currentTarget.value })}
          rows={2}
          classNames={{ input: 'mono' }}
        />
        <TextInput
          label={t('project.profiles')}
          description={t('project.profilesNote')}
          value={more.profiles}
          onChange={(event) => onChange({ profiles: event.currentTarget.value })}
          classNames={{ input: 'mono' }}
        />
        <PathField
          kind="file"
          name={t('project.envFile')}
          label={t('project.envFile')}
          value={more.envFile}
          onChange={(envFile) => onChange({ envFile })}
        />
      </div>
    </details>
  )
}

/** Reads a project from its files, for one that has no containers yet or was made elsewhere. */
function FromFile({ onChoose, onBack }: { onChoose: (project: ComposeProject) => void; onBack: () => void }) {
  const { t } = useTranslation('add')
  const [file, setFile] = useState('')
  const [more, setMore] = useState<More>({ overrides: '', profiles: '', envFile: '' })
  const read = useMutation(api.docker.readProject.mutationOptions({ meta: { quiet: true }, onSuccess: onChoose }))
  const send = (event: SubmitEvent) => {
    event.preventDefault()
    read.mutate({ file: file.trim(), ...toInput(more) })
  }
  return (
    <form className={c.form} onSubmit={send} noValidate>
      <PathField
        kind="file"
        name={t('project.file')}
        label={t('project.file')}
        description={t('project.fileNote')}
        value={file}
        onChange={setFile}
      />
      <MoreFields more={more} onChange={(part) => setMore((now) => ({ ...now, ...part }))} />
      <Failure error={read.error} />
      <footer className={c.foot}>
        <Button variant="default" onClick={onBack}>
          {t('back')}
        </Button>
        <Button type="submit" loading={read.isPending} disabled={file.trim() === ''}>
          {t('project.read')}
        </Button>
      </footer>
    </form>
  )
}

/** The projects that have containers, and the way to one that has none. */
export function ProjectChoice(props: { onChoose: (project: ComposeProject) => void; onBack: () => void }) {
  const { t } = useTranslation('add')
  const projects = useQuery(api.docker.projects.queryOptions({ refetchOnMount: 'always' }))
  const look = ({ services }: ComposeProject) => {
    const known = services.filter(({ serviceId }) => serviceId !== null).length
    const free = services.filter(({ serviceId }) => serviceId === null)
    const guessed = free.filter(({ likeness }) => likeness.state === 'sure').length
    const unsure = free.filter(({ likeness }) => likeness.state === 'unsure').length
    return [
      t('project.services', { count: services.length }),
      ...(guessed > 0 ? [t('project.guessed', { count: guessed })] : []),
      ...(unsure > 0 ? [t('project.unsureCount', { count: unsure })] : []),
      ...(known > 0 ? [t('project.known', { count: known })] : []),
    ].join(', ')
  }
  return (
    <>
      <section aria-labelledby="projects-there">
        <h3 id="projects-there" className={c.heading}>
          {t('project.there')}
        </h3>
        <Loaded query={projects}>
          {(all) =>
            all.length === 0 ? (
              <p className={c.note}>{t('project.none')}</p>
            ) : (
              <ul className={c.choices}>
                {all.map((project) => (
                  <li key={project.name}>
                    <button type="button" className={c.choice} onClick={() => props.onChoose(project)}>
                      <IconBrandDocker size={20} stroke={1.6} className={c.choiceIcon} aria-hidden />
                      <span className={c.choiceText}>
                        <b>{project.name}</b>
                        <span>{look(project)}</span>
                        <span className="mono">{project.files[0] ?? project.workingDir}</span>
                      </span>
                      <IconChevronRight size={16} className={c.chevron} aria-hidden />
                    </button>
                  </li>
                ))}
              </ul>
            )
          }
        </Loaded>
      </section>
      <section aria-labelledby="projects-file">
        <h3 id="projects-file" className={c.heading}>
          {t('project.fromFile')}
        </h3>
        <FromFile {...props} />
      </section>
    </>
  )
}
