// What the program did to the desktop, for tests to look at.
const records = []

export const record = (what, detail) => records.push({ what, ...detail })
export const recorded = (what) => records.filter((entry) => entry.what === what)

/** An event as Electron hands it out. */
export const makeEvent = (fields = {}) => ({
  ...fields,
  defaultPrevented: false,
  preventDefault() {
    this.defaultPrevented = true
  },
})
