import { inWorkspace } from '../../api/calls'
import type { Connection } from '../../api/connection.svelte'
import type { Page, Suggestion } from '../../api/types'

const PAGE_SIZE = 50
const SECONDS_TO_UNDO = 5

interface Decision {
  readonly suggestion: Suggestion
  readonly isSame: boolean
}

/** Suggestions to decide, one after the other. A decision is sent after some seconds, until when it can be undone. */
export class Decisions {
  queue = $state.raw<readonly Suggestion[]>([])
  total = $state(0)
  last = $state.raw<Decision | null>(null)
  error = $state.raw<unknown>(undefined)
  isLoading = $state(true)
  #connection: Connection
  #workspace: string
  #timer: ReturnType<typeof setTimeout> | undefined
  #sent: Promise<void> = Promise.resolve()
  #changed: () => void

  /** @param changed is called after each decision that the server has taken. */
  constructor(connection: Connection, workspace: string, changed: () => void) {
    this.#connection = connection
    this.#workspace = workspace
    this.#changed = changed
  }

  get current(): Suggestion | undefined {
    return this.queue[0]
  }

  async load(): Promise<void> {
    this.isLoading = true
    try {
      const query = { pageNum: 1, pageSize: PAGE_SIZE }
      const path = inWorkspace(this.#workspace, 'persons', 'suggestions')
      const page = await this.#connection.call<Page<Suggestion>>('GET', path, { query })
      const isOpen = (one: Suggestion): boolean => one.suggestionId !== this.last?.suggestion.suggestionId
      this.queue = page.content.filter(isOpen)
      this.total = page.totalCount - (page.content.length - this.queue.length)
      this.error = undefined
    } catch (error) {
      this.error = error
    }
    this.isLoading = false
  }

  /** Read the addresses of pictures again. */
  async renew(): Promise<void> {
    const query = { pageNum: 1, pageSize: PAGE_SIZE }
    const path = inWorkspace(this.#workspace, 'persons', 'suggestions')
    const page = await this.#connection.call<Page<Suggestion>>('GET', path, { query }).catch(() => null)
    const renewed = new Map(page?.content.map((one) => [one.suggestionId, one]))
    this.queue = this.queue.map((one) => renewed.get(one.suggestionId) ?? one)
  }

  decide(isSame: boolean): void {
    const suggestion = this.current
    if (!suggestion) return
    this.send()
    this.last = { suggestion, isSame }
    this.queue = this.queue.slice(1)
    this.total -= 1
    this.#timer = setTimeout(() => this.send(), SECONDS_TO_UNDO * 1000)
  }

  /** Show the current suggestion after all others. */
  skip(): void {
    const [first, ...others] = this.queue
    if (first) this.queue = [...others, first]
  }

  undo(): void {
    if (!this.last) return
    clearTimeout(this.#timer)
    this.queue = [this.last.suggestion, ...this.queue]
    this.total += 1
    this.last = null
  }

  /** Send the last decision, if there is one that waits. */
  send(): void {
    const decision = this.last
    if (!decision) return
    clearTimeout(this.#timer)
    this.last = null
    // One after the other, since a merge changes other suggestions.
    this.#sent = this.#sent.then(() => this.#send(decision))
  }

  async #send({ suggestion, isSame }: Decision): Promise<void> {
    const verb = isSame ? 'accept' : 'reject'
    const path = inWorkspace(this.#workspace, 'persons', 'suggestions', suggestion.suggestionId, verb)
    try {
      await this.#connection.call('POST', path)
      this.#changed()
    } catch (error) {
      this.error = error
    }
    // A merge makes suggestions about the merged person void.
    if (isSame || !this.queue.length) await this.load()
  }
}
