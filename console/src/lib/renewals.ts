/** Time in which a picture that cannot be read is not asked for again. */
const PAUSE_MS = 60_000
/** Pictures of one screen fail together. */
const TOGETHER_MS = 50

/** Return the object that a presigned address is about, whatever its signature. */
export function objectOf(url: string): string {
  return url.split('?', 1)[0] ?? url
}

/** Reads the data of an open page again once its pictures cannot be read, since presigned addresses end after some minutes. */
export class Renewals {
  #renewals = new Set<() => unknown>()
  #failures = new Map<string, number>()
  #timer: ReturnType<typeof setTimeout> | undefined

  /** Call a function when pictures cannot be read. Return a function that ends it. */
  add(renew: () => unknown): () => void {
    this.#renewals.add(renew)
    return () => this.#renewals.delete(renew)
  }

  /** Tell that a picture cannot be read. One that is gone is renewed in vain, and then left alone for a minute. */
  failed(url: string): void {
    const object = objectOf(url)
    const now = Date.now()
    if (now - (this.#failures.get(object) ?? -PAUSE_MS) < PAUSE_MS) return
    this.#failures.set(object, now)
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined
      for (const renew of this.#renewals) renew()
    }, TOGETHER_MS)
  }
}
