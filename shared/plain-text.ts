/** Characters that turn the direction in which others are read. */
const turning = /\p{Bidi_Control}/u

/**
 * A text on one line, as it may stand among others where nothing keeps texts apart (a notification, a menu, a message of
 * another program): nothing in it turns the direction of what comes after, and nothing in it cannot be seen. Joiners stay,
 * without which some scripts and pictures fall apart.
 */
export const plainText = (text: string): string =>
  text
    .replaceAll(/(?!\u200c|\u200d|\ufe0e|\ufe0f)[\p{Default_Ignorable_Code_Point}\p{Bidi_Control}\p{Cs}]/gu, '')
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim()

/** A text that keeps to itself whatever turns in it, for a page, which shows names as they were given. */
export const isolatedText = (text: string): string => (turning.test(text) ? `\u2068${text}\u2069` : text)

/** What a new name may hold. Older names may hold more: they are shown isolated, or plain. */
export const nameable = /^(?:(?!\p{Bidi_Control})[^\p{Cc}\p{Zl}\p{Zp}])+$/u
