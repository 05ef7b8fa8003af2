import { Button, Checkbox } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Suspense, useState, type SubmitEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { ComposeProject } from '../../../../shared/contract'
import { applyEvent } from '../../../api/cache'
import { client } from '../../../api/client'
import { api } from '../../../api/query'
import { focusFirstInvalid } from '../../../ui/focus-first-invalid'
import { navigate } from '../../../ui/route'
import { useSecretCall } from '../../../api/useSecretCall'
import { describeReason } from '../../../i18n'
import { Failure } from '../../../api/Failure'
import { LintSummary } from '../../compose/LintSummary'
import { showDone } from '../../../ui/toast'
import c from './Add.module.css'
import { useFirstFocus } from './useFirstFocus'
import { isId } from '../slug'
import { issuesOf, rowsOf, toOrder, type RowIssue, type ServiceRow as Row } from './project-form'
import { ServiceRow } from './ServiceRow'
import { Warning } from './Warning'

/** Which profiles are on; another choice reads the project anew. */
function Profiles({ project, onRead }: { project: ComposeProject; onRead: (project: ComposeProject) => void }) {
  const { t } = useTranslation('add')
  const { overrides } = project
  const [file = ''] = project.files
  const read = useMutation(api.docker.readProject.mutationOptions({ meta: { quiet: true }, onSuccess: onRead }))
  if (project.profiles.length === 0) return null
  return (
    <>
      <Checkbox.Group
        label={t('project.profiles')}
        description={t('project.profilesOn')}
        value={project.activeProfiles}
        onChange={(profiles) =>
          read.mutate({
            file,
            profiles,
            ...(overrides.length > 0 && { overrides }),
            ...(project.envFile !== null && { envFile: project.envFile }),
            ...(isId(project.name) && { project: project.name }),
          })
        }
      >
        <div className={c.inline}>
          {project.profiles.map((profile) => (
            <Checkbox key={profile} value={profile} label={profile} disabled={read.isPending} />
          ))}
        </div>
      </Checkbox.Group>
      <Failure error={read.error} />
    </>
  )
}

/** The containers that are there have more than the files that were read give them. */
function MadeFrom({ project, onRead }: { project: ComposeProject; onRead: (project: ComposeProject) => void }) {
  const { t } = useTranslation('add')
  const read = useMutation(api.docker.readProject.mutationOptions({ meta: { quiet: true }, onSuccess: onRead }))
  const [file, ...overrides] = project.madeFrom ?? []
  if (file === undefined) return null
  const { activeProfiles: profiles, envFile } = project
  return (
    <>
      <Warning>
        <b>{t('project.madeFrom', { files: [file, ...overrides].join(', ') })}</b>{' '}
        <Button
          variant="light"
          size="compact-sm"
          loading={read.isPending}
          onClick={() =>
            read.mutate({
              file,
              overrides,
              ...(profiles.length > 0 && { profiles }),
              ...(envFile !== null && { envFile }),
            })
          }
        >
          {t('project.useFiles')}
        </Button>
      </Warning>
      <Failure error={read.error} />
    </>
  )
}

/** What is chosen of a project, until it is Regie's. */
function useAdoption(project: ComposeProject, onClose: () => void) {
  const { t } = useTranslation('add')
  const cache = useQueryClient()
  const services = useQuery(api.services.list.queryOptions()).data ?? []
  const taken = services.map(({ id }) => id)
  const [rows, setRows] = useState(() => rowsOf(project, taken))
  const [wasSent, setWasSent] = useState(false)
  const chosen = rows.filter(({ isChosen }) => isChosen)
  const adopt = useSecretCall((wanted: Row[]) => client.stacks.adopt(toOrder(project, wanted)))
  const change = (name: string, part: Partial<Row>) =>
    setRows((before) => before.map((row) => (row.name === name ? { ...row, ...part } : row)))
  const errorOf = (issue: RowIssue | undefined) => (wasSent && issue ? t(`issue.${issue}`) : undefined)
  const send = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault()
    setWasSent(true)
    if (!chosen.every((row) => issuesOf(row, taken, rows).isSound)) {
      focusFirstInvalid(event.currentTarget)
      return
    }
    void adopt.run(rows, (made) => {
      for (const service of made) applyEvent(cache, { type: 'service', service })
      void cache.invalidateQueries({ queryKey: api.credentials.list.key() })
      showDone(t('project.done', { count: made.length }))
      onClose()
      navigate('services', made[0]?.id)
    })
  }
  const issuesFor = (row: Row) => issuesOf(row, taken, rows)
  return { rows, chosen, change, errorOf, issuesFor, send, adopt }
}

interface RowsProps extends Pick<ReturnType<typeof useAdoption>, 'rows' | 'change' | 'errorOf' | 'issuesFor'> {
  project: ComposeProject
}

function Rows({ project, rows, change, errorOf, issuesFor }: RowsProps) {
  const { t } = useTranslation('add')
  if (rows.length === 0) {
    const isOff = project.services.length === 0 && project.profiles.length > 0
    return <p className={c.note}>{t(isOff ? 'project.chooseProfile' : 'project.nothing')}</p>
  }
  return (
    <ul className={c.rows} aria-label={t('project.which')}>
      {rows.map((row) => {
        const service = project.services.find(({ name }) => name === row.name)
        return (
          service && (
            <ServiceRow
              key={row.name}
              row={row}
              service={service}
              change={(part) => change(row.name, part)}
              errorOf={errorOf}
              issues={issuesFor(row)}
            />
          )
        )
      })}
    </ul>
  )
}

interface ProjectServicesProps {
  project: ComposeProject
  onRead: (project: ComposeProject) => void
  onBack: () => void
  onClose: () => void
}

/** Which services of the project Regie shall look after, and as what. */
export function ProjectServices({ project, onRead, onBack, onClose }: ProjectServicesProps) {
  const { t } = useTranslation('add')
  const { rows, chosen, send, adopt, ...listed } = useAdoption(project, onClose)
  const step = useFirstFocus<HTMLFormElement>()
  const known = project.services.filter(({ serviceId }) => serviceId !== null)
  const why = project.reason && describeReason(project.reason)
  const { overrides } = project
  const [file] = project.files
  return (
    <form ref={step} tabIndex={-1} className={c.stage} onSubmit={send} noValidate>
      <p className={c.lead}>
        <b>{project.name}</b> <span className="mono">{project.files.join(', ')}</span>
      </p>
      {why && (
        <Warning>
          <b>{why.message}</b> <p>{why.hint}</p>
        </Warning>
      )}
      <MadeFrom project={project} onRead={onRead} />
      <Profiles project={project} onRead={onRead} />
      {known.length > 0 && (
        <p className={c.note}>
          {t('project.already', {
            names: known.map(({ name, serviceId }) => `${name} (${serviceId ?? ''})`).join(', '),
          })}
        </p>
      )}
      <Rows project={project} rows={rows} {...listed} />
      {file !== undefined && !project.reason && (
        <Suspense>
          <LintSummary
            file={file}
            {...(overrides.length > 0 && { overrides })}
            {...(project.envFile !== null && { envFile: project.envFile })}
          />
        </Suspense>
      )}
      <Failure error={adopt.error} />
      <footer className={c.foot}>
        <Button variant="default" onClick={onBack}>
          {t('back')}
        </Button>
        <Button type="submit" loading={adopt.isRunning} disabled={chosen.length === 0}>
          {t('project.adopt', { count: chosen.length })}
        </Button>
      </footer>
    </form>
  )
}
