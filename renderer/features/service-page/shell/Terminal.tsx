import '@xterm/xterm/css/xterm.css'
import { useComputedColorScheme } from '@mantine/core'
import { FitAddon } from '@xterm/addon-fit'
import { Terminal as Xterm, type ITerminalOptions } from '@xterm/xterm'
import { useEffect, useEffectEvent, useImperativeHandle, useRef, type Ref } from 'react'
import { useTranslation } from 'react-i18next'
import type { ShellEnd } from '../../../../shared/contract'
import { copySelection } from './copy'
import { allowTerminalStyles } from './csp-styles'
import { linkShell } from './link'
import { terminalTheme } from './theme'
import c from './Shell.module.css'

/** What the toolbar does with the terminal. */
export interface TerminalHandle {
  selection(): string
  clear(): void
}

interface TerminalProps {
  shellId: string
  label: string
  screenReader: boolean
  ref: Ref<TerminalHandle>
  /** Where the keyboard goes when it leaves. */
  onLeave: () => void
  onState: (state: 'open' | 'cut') => void
  onEnd: (why: ShellEnd, exitCode: number | null) => void
}

const nonce = () => document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? ''

/** xterm.js in an element, as large as it. `remove` takes it away with its styles. */
function openTerminal(place: HTMLElement, look: ITerminalOptions) {
  const forbidStyles = allowTerminalStyles(nonce())
  const xterm = new Xterm({
    ...look,
    fontFamily: "'JetBrains Mono Variable', ui-monospace, monospace",
    fontSize: 13,
    lineHeight: 1.25,
    scrollback: 5000,
    minimumContrastRatio: 4.5,
    cursorBlink: false,
  })
  const fit = new FitAddon()
  xterm.loadAddon(fit)
  xterm.open(place)
  fit.fit()
  // The first fit may come before the font.
  void document.fonts.ready.then(() => fit.fit())
  const observer = new ResizeObserver(() => fit.fit())
  observer.observe(place)
  const remove = () => {
    observer.disconnect()
    xterm.dispose()
    forbidStyles()
  }
  return { xterm, remove }
}

/** Keeps the keys from the program that copy, paste, and lead out of it. */
function handleKeys(xterm: Xterm, leave: () => void) {
  xterm.attachCustomKeyEventHandler((event) => {
    if (!event.ctrlKey || !event.shiftKey || event.altKey) return true
    const key = event.key.toLowerCase()
    if (key !== 'e' && key !== 'c' && key !== 'v') return true
    // Pasting is the browser's own work; it only must not reach the program as a key.
    if (event.type !== 'keydown' || key === 'v') return false
    event.preventDefault()
    if (key === 'e') leave()
    else void copySelection(xterm.getSelection())
    return false
  })
}

/** xterm.js on one terminal of the panel. The program gets every key but Ctrl+Shift+E, which leads out of it. */
export default function Terminal({ shellId, label, screenReader, ref, onLeave, onState, onEnd }: TerminalProps) {
  const { t } = useTranslation('shell')
  const place = useRef<HTMLDivElement>(null)
  const term = useRef<Xterm | null>(null)
  const scheme = useComputedColorScheme('dark')
  useImperativeHandle(ref, () => ({
    selection: () => term.current?.getSelection() ?? '',
    clear: () => term.current?.clear(),
  }))
  const leave = useEffectEvent(() => onLeave())
  const tellState = useEffectEvent((state: 'open' | 'cut') => onState(state))
  const tellEnd = useEffectEvent((why: ShellEnd, exitCode: number | null) => onEnd(why, exitCode))
  const look = useEffectEvent(() => ({ theme: terminalTheme(scheme), screenReaderMode: screenReader }))

  useEffect(() => {
    if (!place.current) return
    const { xterm, remove } = openTerminal(place.current, look())
    const link = linkShell({
      id: shellId,
      write: (text, shown) => xterm.write(text, shown),
      reset: () => xterm.reset(),
      onLive: () => {
        tellState('open')
        link.resize(xterm.cols, xterm.rows)
      },
      onCut: () => tellState('cut'),
      onEnd: (why, exitCode) => {
        xterm.options.disableStdin = true
        tellEnd(why, exitCode)
      },
    })
    xterm.onData((text) => link.type(text))
    xterm.onResize(({ cols, rows }) => link.resize(cols, rows))
    handleKeys(xterm, () => leave())
    term.current = xterm
    xterm.focus()
    return () => {
      link.leave()
      term.current = null
      remove()
    }
  }, [shellId])

  useEffect(() => {
    if (term.current) term.current.options.theme = terminalTheme(scheme)
  }, [scheme])
  useEffect(() => {
    if (term.current) term.current.options.screenReaderMode = screenReader
  }, [screenReader])

  return (
    <div className={c.well} role="group" aria-label={`${label}. ${t('keysLabel')}`}>
      <div ref={place} />
    </div>
  )
}
