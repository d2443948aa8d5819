/** Call something again and again, except while nobody sees the page. Return a function that ends it. */
export function poll(milliseconds: number, call: () => Promise<unknown>): () => void {
  let isOver = false
  let timer = 0
  async function next(): Promise<void> {
    if (!document.hidden) await call()
    if (!isOver) timer = window.setTimeout(() => void next(), milliseconds)
  }
  timer = window.setTimeout(() => void next(), milliseconds)
  return () => {
    isOver = true
    clearTimeout(timer)
  }
}
