import { Button } from '@mantine/core'
import { IconBox, IconDownload, IconLock, IconRefresh } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { LibraryFile, LibraryOverview, MissingModel } from '../../../shared/contract'
import { Loaded } from '../../api/Loaded'
import { api, queryClient } from '../../api/query'
import { useIsAdmin } from '../../api/useSession'
import { formatSize } from '../../i18n/format'
import { Page } from '../../ui/Page'
import { lazyPart } from '../../ui/parts'
import { Empty, Loading } from '../../ui/States'
import { DiskPanel } from './DiskPanel'
import { DownloadsPanel } from './DownloadsPanel'
import { FilesPanel } from './FilesPanel'
import { FoldersPanel } from './FoldersPanel'
import c from './Models.module.css'
import { useOverview, type Show } from './useLibrary'

type Asked = Partial<{ address: string } & Pick<MissingModel, 'folder' | 'role'>>

const DownloadDialog = lazyPart(() => import('./DownloadDialog'))
const FileDialog = lazyPart(() => import('./FileDialog'))

/** All files of models of all services. */
export default function ModelsPage() {
  const { t } = useTranslation('library')
  const isAdmin = useIsAdmin()
  if (isAdmin) return <Opened />
  return (
    <Page title={t('title')}>
      <Empty icon={IconLock} title={t('adminOnly.title')}>
        {t('adminOnly.text')}
      </Empty>
    </Page>
  )
}

function useLead(overview: LibraryOverview | undefined) {
  const { t } = useTranslation('library')
  if (!overview) return null
  const { at, scanning, unreadHeaders, files, bytes, cut } = overview
  if (at === null || scanning) return t('scanning')
  if (unreadHeaders > 0) return t('headers', { count: unreadHeaders })
  return `${t('lead', { count: files, size: formatSize(bytes) })}${cut ? ` · ${t('cut')}` : ''}`
}

function Scan({ isScanning }: { isScanning: boolean }) {
  const { t } = useTranslation('library')
  const scan = useMutation(
    api.modelLibrary.scan.mutationOptions({
      onSuccess(overview) {
        queryClient.setQueryData(api.modelLibrary.overview.queryKey(), overview)
        void queryClient.invalidateQueries({ queryKey: api.modelLibrary.files.key() })
      },
    }),
  )
  return (
    <Button
      variant="default"
      leftSection={<IconRefresh size={16} stroke={1.6} />}
      loading={scan.isPending || isScanning}
      onClick={() => scan.mutate(undefined)}
    >
      {t('scan')}
    </Button>
  )
}

function Opened() {
  const { t } = useTranslation('library')
  const query = useOverview()
  const lead = useLead(query.data)
  const [asking, setAsking] = useState<Asked | null>(null)
  return (
    <Page
      title={t('title')}
      lead={lead !== null && <span role="status">{lead}</span>}
      actions={
        <>
          <Scan isScanning={query.data?.scanning ?? false} />
          <Button
            leftSection={<IconDownload size={16} stroke={1.6} />}
            disabled={query.data === undefined || query.data.at === null}
            onClick={() => setAsking({})}
          >
            {t('download.open')}
          </Button>
        </>
      }
    >
      {asking && query.data && (
        <Suspense>
          <DownloadDialog folders={query.data.folders} asked={asking} onClose={() => setAsking(null)} />
        </Suspense>
      )}
      <Loaded query={query} loading={<Loading rows={8} height={32} />}>
        {(overview) => (
          <Content
            overview={overview}
            onDownload={({ url, folder, role }) => setAsking({ address: url ?? '', folder, role })}
          />
        )}
      </Loaded>
    </Page>
  )
}

interface ContentProps {
  overview: LibraryOverview
  onDownload: (missing: MissingModel) => void
}

function Content({ overview, onDownload }: ContentProps) {
  const { t } = useTranslation('library')
  const [show, setShow] = useState<Show>('all')
  const [opened, setOpened] = useState<LibraryFile | null>(null)
  const { at, files, removed, families } = overview
  if (at === null) return <Loading rows={8} height={32} />
  if (files === 0 && removed.files === 0)
    return (
      <div className={c.page}>
        <DownloadsPanel />
        <Empty icon={IconBox} title={t('none.title')}>
          {t('none.text')}
        </Empty>
        <FoldersPanel overview={overview} />
      </div>
    )
  const titleOf = ({ family }: LibraryFile) =>
    families.find(({ id }) => id === family)?.title ?? family ?? t('unrecognised')
  return (
    <div className={c.page}>
      <DiskPanel overview={overview} onShow={setShow} />
      <DownloadsPanel />
      <FilesPanel overview={overview} show={show} onShow={setShow} onOpen={setOpened} onDownload={onDownload} />
      <FoldersPanel overview={overview} />
      {opened && (
        <Suspense>
          <FileDialog file={opened} title={titleOf(opened)} onClose={() => setOpened(null)} />
        </Suspense>
      )}
    </div>
  )
}
