import type { Language } from './index'

/** The language of a browser, by its `Accept-Language`: the one of ours that it wants most; English where it wants none. */
export function languageOf(header: string | undefined): Language {
  const wanted = (header ?? '')
    .slice(0, 500)
    .split(',')
    .map((part) => {
      const [tag = '', ...parameters] = part
        .trim()
        .toLowerCase()
        .split(/\s*;\s*/)
      const weight = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2) ?? '1'
      return { language: tag.split('-', 1)[0], weight: Number(weight) || 0 }
    })
  const weightOf = (language: Language) =>
    Math.max(0, ...wanted.filter((one) => one.language === language).map(({ weight }) => weight))
  return weightOf('fr') > weightOf('en') ? 'fr' : 'en'
}
