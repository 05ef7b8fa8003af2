import { flagsOf, loginsOf, wordsOf, type ArgumentSource, type Login as ReadLogin } from '../compose/files/arguments'

// Logins among arguments, by the one reader of arguments. Nothing is filled in but what a variable has by default.

const none = new Map<string, string>()

/** A login among arguments: both parts as they are written, and as the program gets them where no variable is. */
export type Login = Pick<ReadLogin<unknown>, 'flag' | 'user' | 'password'>

/** Every login among some texts, each with its place. */
export const loginsAt = <Place>(sources: readonly ArgumentSource<Place>[]): { login: Login; place: Place }[] =>
  loginsOf(flagsOf(wordsOf(sources, none)), none).map(({ word, ...login }) => ({ login, place: word.place }))

/** Every login of a line as it is delivered, cut into words as a shell does. */
export const loginsIn = (line: string): Login[] =>
  loginsAt([{ place: null, written: line, form: 'line', hasVariables: false }]).map(({ login }) => login)

/** The first word of a line, without its quotes. */
export const firstWord = (line: string): string =>
  wordsOf([{ place: null, written: line, form: 'line', hasVariables: false }], none)[0]?.value ?? ''
