import {
  ActionIcon,
  Button,
  createTheme,
  Kbd,
  type CSSVariablesResolver,
  type MantineColorsTuple,
  type ModalProps,
  type SegmentedControlProps,
  type TooltipProps,
} from '@mantine/core'
import i18next from 'i18next'

const accent: MantineColorsTuple = [
  '#eef3ff',
  '#d9e4ff',
  '#b5cbff',
  '#8fb3ff',
  '#6f9bff',
  '#4f80f0',
  '#3566d6',
  '#2c5fd0',
  '#2353bf',
  '#1b429b',
]
const neutral: MantineColorsTuple = [
  '#ededed',
  '#b8b8b8',
  '#9a9a9a',
  '#6b6b6b',
  '#565656',
  '#3d3d3d',
  '#2b2b2b',
  '#1b1b1b',
  '#141414',
  '#0e0e0e',
]

/** One theme for both schemes; every colour that a component needs is a token of tokens.css. */
export const theme = createTheme({
  respectReducedMotion: true,
  primaryColor: 'accent',
  primaryShade: { light: 7, dark: 6 },
  colors: { accent, dark: neutral },
  fontFamily: 'var(--font-ui)',
  fontFamilyMonospace: 'var(--font-mono)',
  fontSizes: { xs: '12px', sm: '13px', md: '14px', lg: '16px', xl: '18px' },
  lineHeights: { xs: '1.35', sm: '1.45', md: '1.45', lg: '1.4', xl: '1.35' },
  spacing: { xs: '8px', sm: '12px', md: '16px', lg: '24px', xl: '32px' },
  radius: { xs: '4px', sm: '6px', md: '8px', lg: '10px', xl: '14px' },
  defaultRadius: 'sm',
  cursorType: 'pointer',
  components: {
    Button: Button.extend({
      defaultProps: { size: 'xs', fw: 500 },
      vars: () => ({ root: { '--button-height': '32px', '--button-fz': '13px', '--button-padding-x': '12px' } }),
    }),
    ActionIcon: ActionIcon.extend({ defaultProps: { size: 32, variant: 'default' } }),
    Kbd: Kbd.extend({ defaultProps: { size: 'xs' } }),
    // Named, not imported: what the first page does not show is fetched later.
    Tooltip: { defaultProps: { fz: 12 } satisfies Partial<TooltipProps> },
    SegmentedControl: {
      defaultProps: { size: 'xs', withItemsBorders: false } satisfies Partial<SegmentedControlProps>,
    },
    // The page itself never scrolls, so nothing has to be locked (which would also need a style element).
    Modal: {
      // A function, because the cross's name is a word of the language on screen.
      defaultProps: (): Partial<ModalProps> => ({
        lockScroll: false,
        centered: true,
        radius: 12,
        padding: 'md',
        transitionProps: { duration: 120 },
        overlayProps: { backgroundOpacity: 0.5 },
        closeButtonProps: { 'aria-label': i18next.t('common:action.close') },
      }),
    },
    PasswordInput: { defaultProps: { size: 'xs' } },
    TextInput: { defaultProps: { size: 'xs' } },
    Textarea: { defaultProps: { size: 'xs' } },
    NumberInput: { defaultProps: { size: 'xs' } },
    Select: { defaultProps: { size: 'xs', allowDeselect: false } },
    Switch: { defaultProps: { size: 'xs' } },
    Progress: { defaultProps: { color: 'var(--data-1)' } },
    Checkbox: { defaultProps: { size: 'xs', radius: 4 } },
    CheckboxIndicator: { defaultProps: { size: 'xs', radius: 4 } },
  },
})

const shared = {
  '--mantine-color-body': 'var(--canvas)',
  '--mantine-color-text': 'var(--text-1)',
  '--mantine-color-dimmed': 'var(--text-3)',
  '--mantine-color-placeholder': 'var(--text-3)',
  '--mantine-color-anchor': 'var(--accent)',
  '--mantine-color-default': 'var(--raised)',
  '--mantine-color-default-hover': 'var(--selected)',
  '--mantine-color-default-color': 'var(--text-1)',
  '--mantine-color-default-border': 'var(--line-strong)',
  '--mantine-color-accent-filled': 'var(--accent-fill)',
  '--mantine-color-accent-light': 'var(--accent-soft)',
  '--mantine-color-accent-light-color': 'var(--accent)',
  '--mantine-color-error': 'var(--bad)',
  '--input-height-xs': '32px',
}

export const cssVariablesResolver: CSSVariablesResolver = () => ({ variables: {}, light: shared, dark: shared })
