/** Number of items of a long list that are drawn: some at first, and as many more with each frame, so that no frame waits for all. */
export class Growing {
  count = $state(0)

  /** Must be called while a component is made. @param total number of all items. @param step number of those that a frame adds. */
  constructor(total: () => number, step: number) {
    this.count = step
    $effect(() => {
      if (this.count >= total()) return
      const frame = requestAnimationFrame(() => (this.count += step))
      return () => cancelAnimationFrame(frame)
    })
  }
}
