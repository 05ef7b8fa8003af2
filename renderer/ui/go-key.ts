/** A G is forgotten after this long. */
const sequenceMs = 1500

let pressedAt = -sequenceMs

/** Notes that G was pressed (`at`: the event's time, in ms): the next letter leads to a page. Null: it has done so. */
export const noteGo = (at: number | null): void => void (pressedAt = at ?? -sequenceMs)

/** Whether a key at this time follows a G, and means a page. */
export const isGoing = (at: number): boolean => at - pressedAt < sequenceMs
