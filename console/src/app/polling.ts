import { onDestroy } from 'svelte'

/** Call again and again while the component is shown and the page is in view. `seconds` is asked after each call. */
export function poll(call: () => Promise<unknown>, seconds: () => number): void {
  let timer: ReturnType<typeof setTimeout>
  let isOver = false
  async function next(): Promise<void> {
    if (!document.hidden) await call()
    if (!isOver) timer = setTimeout(() => void next(), seconds() * 1000)
  }
  void next()
  onDestroy(() => {
    isOver = true
    clearTimeout(timer)
  })
}
