const MS_BETWEEN_LOOKS = 150
const MS_UNTIL_REST = 120
/** Windows per second above which nobody sees more of a picture than a flash. */
const WINDOWS_PER_SECOND = 4

/** Tells whether a list is scrolled so fast that its pictures are not worth loading. */
export class Flight {
  isFast = $state(false)
  #time = 0
  #top = 0
  #rest: ReturnType<typeof setTimeout> | undefined

  /** Note a scroll. @param height height of the window, in pixels as `top`. */
  moved(top: number, height: number, now = performance.now()): void {
    clearTimeout(this.#rest)
    this.#rest = setTimeout(() => (this.isFast = false), MS_UNTIL_REST)
    const milliseconds = now - this.#time
    if (milliseconds < MS_BETWEEN_LOOKS) return
    // After a rest, a single step says nothing about the speed.
    this.isFast = milliseconds < 2 * MS_BETWEEN_LOOKS && Math.abs(top - this.#top) * 1000 > WINDOWS_PER_SECOND * height * milliseconds
    this.#time = now
    this.#top = top
  }
}
