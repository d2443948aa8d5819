import type english from './en'
import en from './en?texts'
import ja from './ja?texts'
import ko from './ko?texts'

export const LANGUAGES = ['en', 'ko', 'ja'] as const
export type LanguageName = (typeof LANGUAGES)[number]
export type Key = keyof typeof english
type Texts = Readonly<Record<string, string>>
type Values = Readonly<Record<string, string | number>>

const ADDRESSES: Record<LanguageName, string> = { en, ko, ja }
const STORED = 'scenedex.language'
const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const

async function textsAt(address: string): Promise<Texts> {
  return (await fetch(address)).json()
}

/** Texts, numbers and times in the language of the person at the page. */
export class Language {
  name = $state<LanguageName>('en')
  #texts = $state.raw<Texts>({})
  // A formatter takes as long to make as a row of a list.
  readonly #number = $derived(new Intl.NumberFormat(this.name))
  readonly #date = $derived(new Intl.DateTimeFormat(this.name, { dateStyle: 'medium', timeStyle: 'short' }))
  readonly #day = $derived(new Intl.DateTimeFormat(this.name, { dateStyle: 'medium' }))
  readonly #plural = $derived(new Intl.PluralRules(this.name))
  readonly #bytes = $derived(
    UNITS.map((unit, power) => new Intl.NumberFormat(this.name, { style: 'unit', unit, maximumFractionDigits: power > 1 ? 1 : 0 })),
  )

  /** Use the language that was chosen before, else the first of the browser's that there is. */
  static async preferred(): Promise<Language> {
    const language = new Language()
    const wished = [localStorage.getItem(STORED), ...navigator.languages.map((one) => one.slice(0, 2))]
    const found = wished.find((one): one is LanguageName => LANGUAGES.includes(one as LanguageName))
    await language.use(found ?? 'en', { store: false })
    return language
  }

  async use(name: LanguageName, { store = true } = {}): Promise<void> {
    this.#texts = await textsAt(ADDRESSES[name])
    this.name = name
    document.documentElement.lang = name
    if (store) localStorage.setItem(STORED, name)
  }

  /** Return a text with its values. A value `count` selects the form of the plural. */
  t = (key: Key, values: Values = {}): string => {
    const plural = typeof values.count === 'number' ? this.#plural.select(values.count) : ''
    const text = this.#texts[`${key}#${plural}`] ?? this.#texts[key] ?? key
    return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
      const value = values[name]
      if (value === undefined) return whole
      return typeof value === 'number' ? this.number(value) : value
    })
  }

  /** Return the text of a value of the API, or the value itself if the page does not know it. */
  named = (group: string, value: string): string => this.#texts[`${group}.${value}`] ?? value

  number = (value: number): string => this.#number.format(value)

  bytes = (value: number): string => {
    const power = Math.min(UNITS.length - 1, value < 1000 ? 0 : Math.floor(Math.log10(value) / 3))
    return this.#bytes[power]?.format(value / 1000 ** power) ?? ''
  }

  date = (time: string): string => this.#date.format(new Date(time))

  day = (time: string): string => this.#day.format(new Date(time))
}
