import type { Because, Waiting } from './plan'

/** Where a job is in its line. */
export interface Place {
  /** Jobs before it on the same service, those at work included. */
  ahead: number
  because: Because
}

/** What a job asks for. */
export interface AskedTurn {
  serviceId: string
  /** Whose it is: the line is fair between people. */
  person: string
  /** Of those in one lane one is at work at a time; null: as many as there are. */
  lane: string | null
  /** What it is called by those who entered it; left out: nothing. */
  job?: string
  /** It is at work already: it has its turn whatever there is. */
  isAtWork?: boolean
}

export interface Told {
  /** Its turn has come; called at once where nothing keeps it, else later. */
  begin: () => void
  /** Called when its place or the reason changes. */
  place?: (place: Place) => void
}

/** A job in its line: in wait, at work, or out of it again. */
export interface Ticket {
  /** Leaves the line, or ends its turn. May be called twice. */
  end(): void
  /** Where it stands; null once its turn has come. */
  place(): Place | null
}

export interface Job extends Waiting {
  job?: string
  told: Told
  since: number
  place: Place
}
