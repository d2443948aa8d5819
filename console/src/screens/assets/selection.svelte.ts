import { SvelteSet } from 'svelte/reactivity'

/** Selected items of a list, by their ids. */
export class Selection {
  readonly ids = new SvelteSet<number>()
  #last: number | null = null

  toggle(id: number): void {
    if (!this.ids.delete(id)) this.ids.add(id)
    this.#last = id
  }

  /** Select all from the item that was selected last to this one. */
  extend(id: number, order: readonly number[]): void {
    const from = this.#last === null ? -1 : order.indexOf(this.#last)
    const to = order.indexOf(id)
    if (from < 0 || to < 0) return this.toggle(id)
    for (const one of order.slice(Math.min(from, to), Math.max(from, to) + 1)) this.ids.add(one)
  }

  /** Forget the items that are not in the list any more. */
  keep(order: readonly number[]): void {
    const there = new Set(order)
    for (const id of this.ids) if (!there.has(id)) this.ids.delete(id)
  }

  clear(): void {
    this.ids.clear()
    this.#last = null
  }
}
