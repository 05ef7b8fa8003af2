import { Button, Checkbox, Modal, SegmentedControl, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ReleaseChannel, Releases } from '../../../shared/contract'
import { Failure } from '../../api/Failure'
import { api } from '../../api/query'
import dialog from '../../ui/Dialog.module.css'
import c from '../../ui/Sheet.module.css'
import { useReturnFocus } from '../../ui/useReturnFocus'

const channels = ['latest', 'beta'] as const

interface ChannelProps {
  value: ReleaseChannel
  onChange: (channel: ReleaseChannel) => void
  disabled: boolean
}

function ChannelChoice({ value, onChange, disabled }: ChannelProps) {
  const { t } = useTranslation('releases')
  const channelId = useId()
  return (
    <div className={c.lines}>
      <div className={c.line}>
        <span className={c.label} id={channelId}>
          {t('channel')}
        </span>
        <SegmentedControl<ReleaseChannel>
          data={channels.map((each) => ({ value: each, label: t(`channels.${each}`) }))}
          value={value}
          onChange={onChange}
          disabled={disabled}
          aria-labelledby={channelId}
        />
      </div>
    </div>
  )
}

function useChange(done: () => void) {
  const cache = useQueryClient()
  return useMutation(
    api.releases.change.mutationOptions({
      meta: { quiet: true },
      onSuccess(changed) {
        cache.setQueryData(api.releases.read.queryKey(), changed)
        done()
      },
    }),
  )
}

function Foot({ onClose, isSaving }: { onClose: () => void; isSaving: boolean }) {
  const { t } = useTranslation(['releases', 'common'])
  return (
    <footer className={dialog.foot}>
      <Button variant="default" onClick={onClose}>
        {t('common:action.cancel')}
      </Button>
      <Button type="submit" loading={isSaving}>
        {t('dialog.save')}
      </Button>
    </footer>
  )
}

/** Where new versions of Regie are looked for, and whether they are installed without being asked for. */
export default function ReleasesDialog({ releases, onClose }: { releases: Releases; onClose: () => void }) {
  const { t } = useTranslation('releases')
  useReturnFocus()
  const [feed, setFeed] = useState(releases.feed ?? '')
  const [channel, setChannel] = useState<ReleaseChannel>(releases.channel)
  const [automatic, setAutomatic] = useState(releases.automatic)
  const isFixed = (name: 'feed' | 'channel') => releases.fixed.includes(name)
  const change = useChange(onClose)
  const save = () =>
    change.mutate({
      automatic,
      ...(!isFixed('feed') && { feed: feed.trim() || null }),
      ...(!isFixed('channel') && { channel }),
    })
  return (
    <Modal opened onClose={onClose} title={t('dialog.title')} size={520}>
      <form
        className={dialog.dialog}
        onSubmit={(event) => {
          event.preventDefault()
          save()
        }}
      >
        <p>{t('dialog.text')}</p>
        <TextInput
          label={t('dialog.address')}
          description={isFixed('feed') ? t('fixed') : t('dialog.addressHint')}
          value={feed}
          onChange={(event) => setFeed(event.currentTarget.value)}
          readOnly={isFixed('feed')}
          classNames={{ input: 'mono' }}
          placeholder="https://updates.example/regie/"
          inputMode="url"
          spellCheck={false}
          autoComplete="off"
          data-autofocus
        />
        <ChannelChoice value={channel} onChange={setChannel} disabled={isFixed('channel')} />
        <p>{isFixed('channel') ? t('fixed') : t('dialog.channelHint')}</p>
        {releases.installs === 'restart' && (
          <Checkbox
            label={t('dialog.automatic')}
            description={t('dialog.automaticHint')}
            checked={automatic}
            onChange={(event) => setAutomatic(event.currentTarget.checked)}
          />
        )}
        <Failure error={change.error} />
        <Foot onClose={onClose} isSaving={change.isPending} />
      </form>
    </Modal>
  )
}
