import { CopyButton, UnstyledButton } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import c from './Fingerprint.module.css'
import { FingerprintGlyph } from './FingerprintGlyph'
import { Tooltip } from './Tooltip'

/** Twelve hex digits with their silhouette. A click copies them. `of` says whose they are. */
export function Fingerprint({ hex, of, tone }: { hex: string; of: string; tone?: 'warn' | undefined }) {
  const { t } = useTranslation()
  return (
    <CopyButton value={hex}>
      {({ copied, copy }) => (
        <Tooltip label={copied ? t('fingerprint.copied') : t('fingerprint.tip', { of })}>
          <UnstyledButton
            className={c.print}
            data-tone={tone}
            onClick={copy}
            aria-label={t('fingerprint.label', { of, hex })}
          >
            <FingerprintGlyph hex={hex} />
            <span className="mono">{spaced(hex)}</span>
          </UnstyledButton>
        </Tooltip>
      )}
    </CopyButton>
  )
}

/** Three groups of four digits. */
export const spaced = (hex: string): string => `${hex.slice(0, 4)} ${hex.slice(4, 8)} ${hex.slice(8)}`
