import { objectOf } from '../lib/renewals'

const MAXIMUM = 300

/** Pictures for a canvas, which are loaded when they are first drawn. */
export class Pictures {
  /** By object, so that another signature of its address changes nothing. */
  #images = new Map<string, HTMLImageElement>()
  #loaded: () => void
  #failed: (url: string) => void

  /**
   * @param loaded is called when another picture can be drawn.
   * @param failed is called with the address of a picture that cannot be read.
   */
  constructor(loaded: () => void, failed: (url: string) => void) {
    this.#loaded = loaded
    this.#failed = failed
  }

  /** Return a picture, or `null` until it is loaded. */
  get(url: string): HTMLImageElement | null {
    if (!url) return null
    const object = objectOf(url)
    const address = new URL(url, document.baseURI).href
    let image = this.#images.get(object)
    // A picture that was not there may be at its next address.
    if (!image || (image.complete && !image.naturalWidth && image.src !== address)) {
      image = new Image()
      image.onload = () => this.#loaded()
      image.onerror = () => this.#failed(url)
      image.src = address
      this.#images.set(object, image)
      const [oldest] = this.#images.keys()
      if (this.#images.size > MAXIMUM && oldest) this.#images.delete(oldest)
    }
    return image.complete && image.naturalWidth ? image : null
  }
}
