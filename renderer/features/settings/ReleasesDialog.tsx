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

/** Where new versions of Regie are looked for, and whether they are installed without being asked for. */
export default function ReleasesDialog({ releases, onClose }: { releases: Releases; onClose: () => void }) {
  const { t } = useTranslation(['releases', 'common'])
  useReturnFocus()
  const cache = useQueryClient()
  const channelId = useId()
  const [feed, setFeed] = useState(releases.feed ?? '')
  const [channel, setChannel] = useState<ReleaseChannel>(releases.channel)
  const [automatic, setAutomatic] = useState(releases.automatic)
  const isFixed = (name: 'feed' | 'channel') => releases.fixed.includes(name)
  const change = useMutation(
    api.releases.change.mutationOptions({
      meta: { quiet: true },
      onSuccess(changed) {
        cache.setQueryData(api.releases.read.queryKey(), changed)
        onClose()
      },
    }),
  )
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
          disabled={isFixed('feed')}
          classNames={{ input: 'mono' }}
          placeholder="https://updates.example/regie/"
          inputMode="url"
          spellCheck={false}
          autoComplete="off"
          data-autofocus
        />
        <div className={c.lines}>
          <div className={c.line}>
            <span className={c.label} id={channelId}>
              {t('channel')}
            </span>
            <SegmentedControl<ReleaseChannel>
              data={channels.map((value) => ({ value, label: t(`channels.${value}`) }))}
              value={channel}
              onChange={setChannel}
              disabled={isFixed('channel')}
              aria-labelledby={channelId}
            />
          </div>
        </div>
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
        <footer className={dialog.foot}>
          <Button variant="default" onClick={onClose}>
            {t('common:action.cancel')}
          </Button>
          <Button type="submit" loading={change.isPending}>
            {t('dialog.save')}
          </Button>
        </footer>
      </form>
    </Modal>
  )
}
