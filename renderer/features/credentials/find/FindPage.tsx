import '@mantine/core/styles/Radio.css'
import { Button, Progress as Bar } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { IconFolderSearch } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { DiscoveryEvent, DiscoveryProposal } from '../../../../shared/contract'
import { client } from '../../../api/client'
import { api, queryClient } from '../../../api/query'
import { Failure } from '../../../api/Failure'
import { Page } from '../../../ui/Page'
import { Panel } from '../../../ui/Panel'
import { PathField } from '../../services/add/PathField'
import { Empty, Loading } from '../../../ui/States'
import { hrefOf } from '../../../ui/route'
import { useSecretCall } from '../../../api/useSecretCall'
import { useIsAdmin } from '../../../api/useSession'
import { countChosen, firstChoices, issueOf, toOrder, type Choices } from './choices'
import c from './Find.module.css'
import { Result, type Imported } from './Result'
import { Review } from './Review'
import { useSearch } from './useSearch'
import { Loaded } from '../../../api/Loaded'

const kinds = ['env', 'token', 'login', 'compose', 'config'] as const

/** Finds services, credentials and their files in a deployment's folder, and imports what is chosen. */
export default function FindPage() {
  const { t } = useTranslation(['find', 'common'])
  const isAdmin = useIsAdmin()
  const vault = useQuery(api.vault.status.queryOptions())
  if (!isAdmin || (vault.data && vault.data.state !== 'open')) {
    return (
      <Page title={t('title')} parent={{ label: t('parent'), href: hrefOf('credentials') }}>
        <Empty icon={IconFolderSearch} title={t(isAdmin ? 'locked.title' : 'admin.title')}>
          {t(isAdmin ? 'locked.text' : 'admin.text')}
        </Empty>
      </Page>
    )
  }
  return <Wizard />
}

function Wizard() {
  const { t } = useTranslation('find')
  const [folder, setFolder] = useState('')
  const { state, search, leave, imported } = useSearch()
  const [result, setResult] = useState<Imported | null>(null)
  const parent = { label: t('parent'), href: hrefOf('credentials') }
  if (result) {
    return (
      <Page title={t('title')} parent={parent} lead={t('done.lead')}>
        <Result
          imported={result}
          onAgain={() => {
            setResult(null)
            leave()
          }}
        />
      </Page>
    )
  }
  switch (state.at) {
    case 'choose':
      return (
        <Page title={t('title')} parent={parent}>
          <ChooseFolder
            folder={folder}
            onFolder={setFolder}
            onSearch={() => void search(folder.trim())}
            error={state.error}
          />
        </Page>
      )
    case 'searching':
      return (
        <Page title={t('title')} parent={parent}>
          <Searching folder={folder} progress={state.progress} onCancel={leave} />
        </Page>
      )
    case 'found':
      return state.proposal.credentials.length === 0 ? (
        <Page title={t('title')} parent={parent}>
          <Nothing proposal={state.proposal} onBack={leave} />
        </Page>
      ) : (
        <Found
          key={state.proposal.id}
          proposal={state.proposal}
          onBack={leave}
          onImported={(done) => {
            imported()
            setResult(done)
          }}
        />
      )
  }
}

interface ChooseFolderProps {
  folder: string
  onFolder: (folder: string) => void
  onSearch: () => void
  error: unknown
}

function ChooseFolder({ folder, onFolder, onSearch, error }: ChooseFolderProps) {
  const { t } = useTranslation('find')
  return (
    <div className={c.narrow}>
      <Panel title={t('choose.title')}>
        <form
          className={c.form}
          onSubmit={(event) => {
            event.preventDefault()
            if (folder.trim() !== '') onSearch()
          }}
        >
          <p className={c.text}>{t('choose.text')}</p>
          <PathField
            value={folder}
            onChange={onFolder}
            name={t('choose.folder')}
            label={t('choose.folder')}
            description={t('choose.note')}
            autoFocus
          />
          <Failure error={error} />
          <footer className={c.foot}>
            <Button type="submit" leftSection={<IconFolderSearch size={16} />} disabled={folder.trim() === ''}>
              {t('choose.search')}
            </Button>
          </footer>
        </form>
      </Panel>
      <LookedFor />
    </div>
  )
}

function LookedFor() {
  const { t } = useTranslation('find')
  return (
    <section className={c.kinds} aria-label={t('kinds.title')}>
      <h2>{t('kinds.title')}</h2>
      <ul>
        {kinds.map((kind) => (
          <li key={kind}>{t(`kinds.${kind}`)}</li>
        ))}
      </ul>
      <p>{t('kinds.not')}</p>
    </section>
  )
}

interface SearchingProps {
  folder: string
  progress: Extract<DiscoveryEvent, { type: 'progress' }> | null
  onCancel: () => void
}

function Searching({ folder, progress, onCancel }: SearchingProps) {
  const { t } = useTranslation(['find', 'common'])
  return (
    <div className={c.narrow}>
      <Panel title={t('searching.title')}>
        <div className={c.form} role="status">
          <p className={`${c.text} mono`}>{folder}</p>
          <Bar value={100} animated aria-label={t('searching.title')} />
          <p className={c.text}>
            {progress
              ? t(`searching.${progress.phase}`, { ...progress.looked, found: progress.found })
              : t('searching.begin')}
          </p>
          <footer className={c.foot}>
            <Button variant="default" onClick={onCancel} autoFocus>
              {t('searching.cancel')}
            </Button>
          </footer>
        </div>
      </Panel>
    </div>
  )
}

function Nothing({ proposal, onBack }: { proposal: DiscoveryProposal; onBack: () => void }) {
  const { t } = useTranslation('find')
  return (
    <>
      <Empty
        icon={IconFolderSearch}
        title={t('nothing.title')}
        action={<Button onClick={onBack}>{t('nothing.back')}</Button>}
      >
        {t('nothing.text', { folder: proposal.folder, files: proposal.looked.files })}
      </Empty>
      <div className={c.narrow}>
        <LookedFor />
      </div>
    </>
  )
}

interface FoundProps {
  proposal: DiscoveryProposal
  onBack: () => void
  onImported: (imported: Imported) => void
}

function Found(props: FoundProps) {
  const engine = useQuery(api.docker.engine.queryOptions())
  const credentials = useQuery(api.credentials.list.queryOptions())
  return (
    <Loaded query={engine} loading={<Loading rows={6} />}>
      {({ state }) => (
        <Loaded query={credentials} loading={<Loading rows={6} />}>
          {(held) => <Decide {...props} isDockerThere={state === 'connected'} held={held} />}
        </Loaded>
      )}
    </Loaded>
  )
}

interface DecideProps extends FoundProps {
  isDockerThere: boolean
  held: Imported['credentials']
}

function Decide({ proposal, onBack, onImported, isDockerThere, held }: DecideProps) {
  const { t } = useTranslation('find')
  const [choices, setChoices] = useState<Choices>(() => firstChoices(proposal, isDockerThere))
  const call = useSecretCall((order: ReturnType<typeof toOrder>) => client.discovery.import(order))
  const taken = new Set(held.map(({ id }) => id))
  const count = countChosen(choices)
  const isSound = proposal.credentials.every((one) => issueOf(one, choices, taken) === null)
  const run = () =>
    void call.run(toOrder(proposal, choices), (done) => {
      void queryClient.invalidateQueries({ queryKey: api.credentials.key() })
      void queryClient.invalidateQueries({ queryKey: api.services.key() })
      onImported(done)
    })
  return (
    <Page
      title={t('title')}
      parent={{ label: t('parent'), href: hrefOf('credentials') }}
      lead={t('review.lead', { count: proposal.credentials.length })}
      actions={
        <>
          <Button variant="default" onClick={onBack}>
            {t('review.back')}
          </Button>
          <Button onClick={run} loading={call.isRunning} disabled={count.credentials === 0 || !isSound}>
            {t('review.import', { count: count.credentials })}
          </Button>
        </>
      }
    >
      <Failure error={call.error} />
      <Review proposal={proposal} choices={choices} onChoices={setChoices} held={held} taken={taken} />
    </Page>
  )
}
