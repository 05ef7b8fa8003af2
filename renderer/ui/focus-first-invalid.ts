/** Leads to the first field that was found wanting, once its message is on screen. */
export const focusFirstInvalid = (form: HTMLFormElement): void =>
  void requestAnimationFrame(() => form.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus())
