import { Button, Kbd, SegmentedControl } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { IconArrowsExchange, IconArrowsLeftRight, IconSparkles } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Generation } from '../../../../shared/contract'
import { thumbnailUrl } from '../../../api/images'
import { api } from '../../../api/query'
import { Page } from '../../../ui/Page'
import { usePageKeys } from '../../../ui/page-keys'
import { Empty } from '../../../ui/States'
import { compareHref, hrefOf, navigate } from '../../../ui/route'
import { stillOf } from '../picture/still'
import { placesOf, type Place } from '../view/places'
import { useZoom } from '../view/useZoom'
import { ZoomTools } from '../view/ZoomTools'
import strip from '../Thumb.module.css'
import c from './Compare.module.css'
import { Parameters } from './Parameters'
import { Stages, modes, type Mode, type Result } from './Stages'

const isMode = (text: string): text is Mode => (modes as readonly string[]).includes(text)

/** `<id>` or `<id>.<number of the image>`. */
function readPlace(text: string | null): Place | null {
  const [, id, index = '0'] = /^([\w-]{1,64})(?:\.(\d{1,3}))?$/.exec(text ?? '') ?? []
  return id === undefined ? null : { id, index: Number(index) }
}
const writePlace = (place: Place | null) => (place === null ? '' : `${place.id}.${place.index}`)

/** The image of a place, once it is known. */
function useResult(place: Place | null): Result | null {
  const { data } = useQuery(
    api.generations.get.queryOptions({ input: { id: place?.id ?? '' }, enabled: place !== null }),
  )
  const image = data?.images[place?.index ?? 0]
  return data && image ? { generation: data, image } : null
}

const sizeOf = (one: Result | null) => (one ? stillOf(one.image) : unknown)

const unknown = { width: 0, height: 0 }
const differ = (x: typeof unknown, y: typeof unknown) => x.width !== y.width || x.height !== y.height

interface CompareProps {
  a: string | null
  b: string | null
}

/** Two results, one zoom, and what was different between them. */
export default function ComparePage(props: CompareProps) {
  const { t } = useTranslation('compare')
  const [mode, setMode] = useState<Mode>('side')
  const places = { a: readPlace(props.a), b: readPlace(props.b) }
  const [a, b] = [useResult(places.a), useResult(places.b)]
  /** Which of the two the strip chooses. */
  const [choosing, setChoosing] = useState<'a' | 'b'>(props.b === null || props.b === '' ? 'b' : 'a')
  const show = (next: { a: Place | null; b: Place | null }) => {
    location.hash = compareHref(writePlace(next.a), writePlace(next.b))
  }
  const swap = () => show({ a: places.b, b: places.a })
  // Of two sizes the larger is the measure.
  const larger = [a, b].map(sizeOf).sort((x, y) => y.width * y.height - x.width * x.height)[0]
  const zoom = useZoom(larger ?? unknown)
  const [isB, setB] = useState(false)
  useCompareKeys({ mode, setMode, swap, setChoosing, zoom, isB, setB })
  const areSized = a !== null && b !== null && differ(sizeOf(a), sizeOf(b))
  return (
    <Page
      title={t('title')}
      parent={{ label: t('studio'), href: hrefOf('studio') }}
      actions={
        <Button component="a" href={hrefOf('studio')} leftSection={<IconSparkles size={16} />}>
          {t('new')}
        </Button>
      }
      narrow={{}}
    >
      <div className={c.split}>
        <div className={c.work}>
          <Bar {...{ mode, setMode, swap, zoom, areSized }} />
          {a && b ? (
            <Stages {...{ a, b, mode, zoom, isB, setB }} />
          ) : (
            <Empty icon={IconArrowsExchange} title={t('choose')}>
              {t('chooseText')}
            </Empty>
          )}
          <Strip
            places={places}
            choosing={choosing}
            onChoosing={setChoosing}
            onChoose={(place) => {
              show({ ...places, [choosing]: place })
              setChoosing(choosing === 'a' ? 'b' : 'a')
            }}
          />
        </div>
        {a && b && <Parameters a={a} b={b} />}
      </div>
    </Page>
  )
}

interface BarProps {
  mode: Mode
  setMode: (mode: Mode) => void
  swap: () => void
  zoom: ReturnType<typeof useZoom>
  /** They are of different sizes. */
  areSized: boolean
}

function Bar({ mode, setMode, swap, zoom, areSized }: BarProps) {
  const { t } = useTranslation('compare')
  return (
    <div className={c.bar}>
      <SegmentedControl
        aria-label={t('mode.label')}
        data={modes.map((value) => ({ value, label: t(`mode.${value}`) }))}
        value={mode}
        onChange={(value) => isMode(value) && setMode(value)}
      />
      <Button
        variant="subtle"
        color="gray"
        leftSection={<IconArrowsLeftRight size={16} />}
        aria-keyshortcuts="X"
        onClick={swap}
      >
        {t('swap')}
      </Button>
      {areSized && <span className={c.sized}>{t('sized')}</span>}
      <ZoomTools zoom={zoom} />
    </div>
  )
}

interface Keys {
  mode: Mode
  setMode: (mode: Mode) => void
  swap: () => void
  setChoosing: (which: 'a' | 'b') => void
  zoom: ReturnType<typeof useZoom>
  isB: boolean
  setB: (isB: boolean) => void
}

/** The ways to compare, what is compared, and zoom, by keys. */
function useCompareKeys({ setMode, swap, setChoosing, zoom, isB, setB, mode }: Keys): void {
  usePageKeys('compare', {
    slider: () => setMode('slider'),
    difference: () => setMode('difference'),
    side: () => setMode('side'),
    blink: () => setMode('blink'),
    turn: () => (mode === 'blink' ? setB(!isB) : setMode('blink')),
    swap,
    chooseA: () => setChoosing('a'),
    chooseB: () => setChoosing('b'),
    zoom: zoom.toggle,
    closer: () => zoom.step(1),
    farther: () => zoom.step(-1),
    close: () => navigate('studio'),
  })
}

interface StripProps {
  places: { a: Place | null; b: Place | null }
  choosing: 'a' | 'b'
  onChoosing: (which: 'a' | 'b') => void
  onChoose: (place: Place) => void
}

const nothing: Generation[] = []

/** The last images, to choose A and B from. */
function Strip({ places, choosing, onChoosing, onChoose }: StripProps) {
  const { t } = useTranslation('compare')
  const recent =
    useQuery(api.generations.list.queryOptions({ input: { limit: 24, show: 'images' } })).data?.items ?? nothing
  const isAt = (place: Place | null, other: Place) => place?.id === other.id && place.index === other.index
  return (
    <div className={c.strip}>
      <SegmentedControl
        aria-label={t('chooseNext')}
        data={[
          { value: 'a', label: 'A' },
          { value: 'b', label: 'B' },
        ]}
        value={choosing}
        onChange={(value) => onChoosing(value === 'a' ? 'a' : 'b')}
      />
      <div className={c.cells} role="group" aria-label={t('recent')}>
        {placesOf(recent).map((place) => {
          const generation = recent.find(({ id }) => id === place.id)
          const image = generation?.images[place.index]
          if (!generation || !image) return null
          const letter = isAt(places.a, place) ? 'a' : isAt(places.b, place) ? 'b' : null
          return (
            <button
              key={image.id}
              type="button"
              className={`${strip.thumb} ${c.cell}`}
              aria-label={t('chooseThis', {
                prompt: generation.params.prompt.slice(0, 80),
                service: generation.serviceId,
              })}
              aria-current={letter !== null ? 'true' : undefined}
              onClick={() => onChoose(place)}
            >
              <img src={thumbnailUrl(image.id)} alt="" />
              {letter !== null && (
                <span className={c.letter} data-of={letter}>
                  {letter.toUpperCase()}
                </span>
              )}
            </button>
          )
        })}
      </div>
      <span className={c.hints}>
        <Kbd>{t('key.blink')}</Kbd> {t('does.blink')} <Kbd>1</Kbd> <Kbd>2</Kbd> {t('does.choose')} <Kbd>Z</Kbd>{' '}
        {t('does.zoom')}
      </span>
    </div>
  )
}
