import english from './en'

export const LANGUAGES = ['en', 'ko', 'ja'] as const
export type LanguageName = (typeof LANGUAGES)[number]
export type Key = keyof typeof english
type Texts = Readonly<Record<string, string>>
type Values = Readonly<Record<string, string | number>>

const LOADERS: Record<Exclude<LanguageName, 'en'>, () => Promise<{ default: Texts }>> = {
  ko: () => import('./ko'),
  ja: () => import('./ja'),
}
const STORED = 'scenedex.language'

/** Texts, numbers and times in the language of the person at the page. */
export class Language {
  name = $state<LanguageName>('en')
  #texts = $state.raw<Texts>(english)

  /** Use the language that was chosen before, else the first of the browser's that there is. */
  static async preferred(): Promise<Language> {
    const language = new Language()
    const wished = [localStorage.getItem(STORED), ...navigator.languages.map((one) => one.slice(0, 2))]
    const found = wished.find((one): one is LanguageName => LANGUAGES.includes(one as LanguageName))
    await language.use(found ?? 'en', { store: false })
    return language
  }

  async use(name: LanguageName, { store = true } = {}): Promise<void> {
    this.#texts = name === 'en' ? english : (await LOADERS[name]()).default
    this.name = name
    document.documentElement.lang = name
    if (store) localStorage.setItem(STORED, name)
  }

  /** Return a text with its values. A value `count` selects the form of the plural. */
  t = (key: Key, values: Values = {}): string => {
    const plural = typeof values.count === 'number' ? new Intl.PluralRules(this.name).select(values.count) : ''
    const text = this.#texts[`${key}#${plural}`] ?? this.#texts[key] ?? key
    return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
      const value = values[name]
      if (value === undefined) return whole
      return typeof value === 'number' ? this.number(value) : value
    })
  }

  /** Return the text of a value of the API, or the value itself if the page does not know it. */
  named = (group: string, value: string): string => this.#texts[`${group}.${value}`] ?? value

  number = (value: number): string => new Intl.NumberFormat(this.name).format(value)

  bytes = (value: number): string => {
    const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const
    const power = Math.min(units.length - 1, value < 1000 ? 0 : Math.floor(Math.log10(value) / 3))
    const format = { style: 'unit', unit: units[power] ?? 'byte', maximumFractionDigits: power > 1 ? 1 : 0 } as const
    return new Intl.NumberFormat(this.name, format).format(value / 1000 ** power)
  }

  date = (time: string): string =>
    new Intl.DateTimeFormat(this.name, { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(time))

  day = (time: string): string => new Intl.DateTimeFormat(this.name, { dateStyle: 'medium' }).format(new Date(time))
}
