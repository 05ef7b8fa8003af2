/** swagger-ui-dist ships no types; this is the part that the API page uses. */
declare module 'swagger-ui-dist/swagger-ui-es-bundle' {
  export default function SwaggerUI(options: {
    dom_id: string
    url: string
    deepLinking?: boolean
    docExpansion?: 'list' | 'full' | 'none'
    tryItOutEnabled?: boolean
    validatorUrl?: string | null
    requestInterceptor?: <T extends { headers: Record<string, string> }>(request: T) => T
  }): void
}
