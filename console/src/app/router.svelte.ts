/** Place in the page: the parts of its path and its query. */
export interface Place {
  readonly path: string
  readonly query: URLSearchParams
}

type Change = Readonly<Record<string, string | number | null | undefined>>

/** Keeps the place of the page in its address. */
export class Router {
  place = $state.raw<Place>({ path: '/', query: new URLSearchParams() })
  #base: string
  #scrolled = new Map<string, number>()

  /** @param base address of the page's folder. */
  constructor(base: string) {
    this.#base = new URL(base).pathname
    this.#read()
    addEventListener('popstate', () => this.#read())
  }

  /** Address of a path, for links. */
  href(path: string): string {
    return this.#base.replace(/\/$/, '') + path
  }

  /** Go to a path with its query. */
  go(path: string, { replace = false } = {}): void {
    const url = this.href(path)
    if (url === location.pathname + location.search) return
    if (replace) history.replaceState(null, '', url)
    else history.pushState(null, '', url)
    this.#read()
  }

  /** Change some names of the query, and remove those without a value. */
  change(names: Change, { replace = true } = {}): void {
    const query = new URLSearchParams(this.place.query)
    for (const [name, value] of Object.entries(names)) {
      if (value === null || value === undefined || value === '') query.delete(name)
      else query.set(name, String(value))
    }
    const text = query.toString()
    this.go(this.place.path + (text ? `?${text}` : ''), { replace })
  }

  /** Remember how far the page of this address is scrolled, in pixels. */
  keepScroll(pixels: number): void {
    this.#scrolled.set(location.href, pixels)
  }

  /** Return how far the page of this address was scrolled. */
  scrolled(): number {
    return this.#scrolled.get(location.href) ?? 0
  }

  #read(): void {
    const path = location.pathname.startsWith(this.#base) ? location.pathname.slice(this.#base.length - 1) : '/'
    this.place = { path, query: new URLSearchParams(location.search) }
  }
}

/** Return the named parts of a path, or `null` if it has another pattern. `:name` stands for one part. */
export function match(pattern: string, path: string): Record<string, string> | null {
  const wanted = pattern.split('/').filter(Boolean)
  const given = path.split('/').filter(Boolean)
  if (wanted.length !== given.length) return null
  const found: Record<string, string> = {}
  for (const [number, part] of wanted.entries()) {
    const value = given[number] ?? ''
    if (part.startsWith(':')) {
      try {
        found[part.slice(1)] = decodeURIComponent(value)
      } catch {
        return null
      }
    } else if (part !== value) return null
  }
  return found
}
