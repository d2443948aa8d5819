/** Result of a call that a screen shows, with what it shows before and instead of it. */
export class Resource<T> {
  /** Last result. It stays while a later call runs. */
  value = $state.raw<T | undefined>(undefined)
  error = $state.raw<unknown>(undefined)
  isLoading = $state(false)
  /** True if the call takes long enough to show that something is on its way. */
  isSlow = $state(false)
  #load: (signal: AbortSignal) => Promise<T>
  #running: AbortController | undefined

  constructor(load: (signal: AbortSignal) => Promise<T>) {
    this.#load = load
  }

  /** Call again. A call that still runs is given up. */
  async refresh(): Promise<void> {
    this.#running?.abort()
    const running = (this.#running = new AbortController())
    const slow = setTimeout(() => (this.isSlow = this.value === undefined), 200)
    this.isLoading = true
    try {
      const value = await this.#load(running.signal)
      if (running.signal.aborted) return
      this.value = value
      this.error = undefined
    } catch (error) {
      if (running.signal.aborted) return
      this.error = error
    } finally {
      clearTimeout(slow)
      if (this.#running === running) this.isLoading = this.isSlow = false
    }
  }

  /** Forget result and call. */
  clear(): void {
    this.#running?.abort()
    this.value = this.error = undefined
    this.isLoading = this.isSlow = false
  }
}
