/** From here on a card's temperature is shown as a warning, in °C: its driver begins to lower the clock soon after. */
export const cardWarmC = 88

/** At this temperature a card needs attention, in °C. */
export const cardHotC = 93

/** A card of whose memory so much is in use, in per cent, has none left for another model. */
export const cardFullPct = 98

/** A card's name without its maker's: `RTX 4090`. */
export const cardName = (name: string): string => name.replace(/^NVIDIA (GeForce )?/, '')
