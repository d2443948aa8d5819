/** Call something again and again, except while the page is hidden. `pause` is asked for the milliseconds to the next call. Return a function that ends it. */
export function poll(pause: () => number, call: () => Promise<unknown>): () => void {
  let isOver = false
  let timer = 0
  async function next(): Promise<void> {
    if (!document.hidden) await call()
    if (!isOver) timer = window.setTimeout(() => void next(), pause())
  }
  timer = window.setTimeout(() => void next(), pause())
  return () => {
    isOver = true
    clearTimeout(timer)
  }
}
