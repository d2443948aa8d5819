import { SvelteSet } from 'svelte/reactivity'

/** Selected items of a list, by their ids. */
export class Selection {
  readonly ids = new SvelteSet<number>()
  /** Place of the item that was selected last. */
  #last = 0

  toggle(id: number, place: number): void {
    if (!this.ids.delete(id)) this.ids.add(id)
    this.#last = place
  }

  /** Return the places from the item that was selected last to this one, in order. */
  reach(place: number): readonly [number, number] {
    return this.ids.size ? [Math.min(this.#last, place), Math.max(this.#last, place)] : [place, place]
  }

  add(ids: readonly (number | undefined)[]): void {
    for (const id of ids) if (id !== undefined) this.ids.add(id)
  }

  clear(): void {
    this.ids.clear()
  }
}
