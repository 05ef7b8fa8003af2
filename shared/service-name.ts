/** What a service is called wherever people read it: the name that they gave it, else its id. */
export const serviceName = ({ id, name }: { id: string; name?: string | undefined }): string => name ?? id
