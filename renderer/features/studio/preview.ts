/**
 * Whether the Studio shows imported workflows. The panel does not answer their calls yet (`workflow/calls`), so nobody is
 * led to them: they are seen where this browser was told to show them, which the journeys do. Goes with that file.
 */
export const showsWorkflows = (): boolean => localStorage.getItem('regie.preview.workflows') === 'on'
