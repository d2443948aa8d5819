const MAXIMUM = 300

/** Pictures for a canvas, which are loaded when they are first drawn. */
export class Pictures {
  #images = new Map<string, HTMLImageElement>()
  #loaded: () => void

  /** @param loaded is called when another picture can be drawn. */
  constructor(loaded: () => void) {
    this.#loaded = loaded
  }

  /** Return a picture, or `null` until it is loaded. */
  get(url: string): HTMLImageElement | null {
    if (!url) return null
    let image = this.#images.get(url)
    if (!image) {
      image = new Image()
      image.onload = () => this.#loaded()
      image.src = new URL(url, document.baseURI).href
      this.#images.set(url, image)
      const [oldest] = this.#images.keys()
      if (this.#images.size > MAXIMUM && oldest) this.#images.delete(oldest)
    }
    return image.complete && image.naturalWidth ? image : null
  }
}
