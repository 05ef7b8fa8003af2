import { Textarea, type TextareaProps } from '@mantine/core'
import c from './GrowingText.module.css'

interface GrowingTextProps extends Omit<TextareaProps, 'autosize' | 'minRows' | 'maxRows' | 'rows' | 'classNames'> {
  /** So many lines stand there when it is empty. */
  least: number
  /** It grows with its text to so many lines, and scrolls from there on. */
  most: number
  classNames?: { root?: string; input?: string }
}

/**
 * A box of several lines that grows with its text. Where a browser cannot size it by itself, it stays at the fewest lines
 * and is pulled larger by hand.
 */
export function GrowingText({ least, most, classNames, ...others }: GrowingTextProps) {
  return (
    <Textarea
      {...others}
      rows={least}
      classNames={{ ...classNames, input: `${c.input} ${classNames?.input ?? ''}` }}
      style={{ '--rows-least': least, '--rows-most': most }}
    />
  )
}
