import { countAssets, listAssets, type AssetFilter } from '../../api/calls'
import type { Connection } from '../../api/connection.svelte'
import type { AssetState, StateCounts } from '../../api/types'
import { SignedPictures } from '../../lib/pictures'
import { isActive } from './status'

export const PAGE_SIZE = 100
const SECONDS_OF_WORK = 2
const SECONDS_OF_REST = 20
/** Time in which pages that are scrolled past are not asked for. */
const MS_OF_PASSING = 60

type Pages = ReadonlyMap<number, readonly AssetState[]>

/** The assets of a project that pass a filter: the pages that were in sight, and the states of those in sight as they change. */
export class AssetList {
  counts = $state.raw<StateCounts | null>(null)
  total = $state(0)
  error = $state.raw<unknown>(undefined)
  /** True until the first answer to the filter has come. */
  isLoading = $state(true)
  /** All that have been read. */
  readonly assets: readonly AssetState[] = $derived.by(() => [...this.#pages.values()].flat())
  /** Read pages by number, from 0. */
  #pages = $state.raw<Pages>(new Map())
  #connection: Connection
  #place: { readonly workspace: string; readonly project: number } | null = null
  #filter: AssetFilter = { state: null, name: '', order: 'NEWEST' }
  #seen: readonly [number, number] = [0, 0]
  /** Pages that show what is there now. Others are read again before they are shown for long. */
  #fresh = new Set<number>()
  #pictures = new SignedPictures()
  #running = new AbortController()
  #timer: ReturnType<typeof setTimeout> | undefined
  #passing: ReturnType<typeof setTimeout> | undefined

  constructor(connection: Connection) {
    this.#connection = connection
  }

  /** Return the asset at a place, or `undefined` if it has not been read. */
  at(place: number): AssetState | undefined {
    return this.#pages.get(Math.floor(place / PAGE_SIZE))?.[place % PAGE_SIZE]
  }

  /** Show the assets of a project. What was shown stays until they have come. */
  async show(workspace: string, project: number, filter: AssetFilter): Promise<void> {
    this.#place = { workspace, project }
    this.#filter = filter
    this.isLoading = true
    await this.refresh()
  }

  /** Read the assets from a place to another, which are in sight. */
  see(from: number, to: number): void {
    const seen = [Math.floor(from / PAGE_SIZE), Math.floor(Math.max(from, to) / PAGE_SIZE)] as const
    if (seen[0] === this.#seen[0] && seen[1] === this.#seen[1]) return
    this.#seen = seen
    clearTimeout(this.#passing)
    if (!this.#isFresh()) this.#passing = setTimeout(() => void this.#read(), MS_OF_PASSING)
  }

  /** Read all assets from a place to another. */
  async load(from: number, to: number): Promise<void> {
    const place = this.#place
    if (!place) return
    const missing = numbersOf(Math.floor(from / PAGE_SIZE), Math.floor(to / PAGE_SIZE)).filter((one) => !this.#pages.has(one))
    const { signal } = new AbortController()
    for (const number of missing) {
      const { content } = await this.#page(place, number, signal)
      this.#pages = new Map([...this.#pages, [number, content]])
    }
  }

  /** Read what is in sight again. */
  async refresh(): Promise<void> {
    this.#fresh.clear()
    await this.#read()
  }

  /** Read no more. */
  stop(): void {
    clearTimeout(this.#timer)
    clearTimeout(this.#passing)
    this.#running.abort()
    this.#place = null
  }

  async #read(): Promise<void> {
    const place = this.#place
    if (!place) return
    clearTimeout(this.#timer)
    this.#running.abort()
    const { signal } = (this.#running = new AbortController())
    const isNew = this.isLoading
    const numbers = numbersOf(...(isNew ? ([0, 0] as const) : this.#seen)).filter((one) => !this.#fresh.has(one))
    try {
      const [counts, pages] = await Promise.all([
        this.#fresh.size ? this.counts : countAssets(this.#connection, place.workspace, place.project, signal),
        Promise.all(numbers.map((number) => this.#page(place, number, signal))),
      ])
      const read = pages.map((page, number) => [numbers[number] ?? 0, page.content] as const)
      this.counts = counts
      this.#pages = new Map([...(isNew ? [] : this.#pages), ...read])
      this.total = pages[0]?.totalCount ?? this.total
      for (const number of numbers) this.#fresh.add(number)
      this.error = undefined
    } catch (error) {
      if (signal.aborted) return
      this.error = error
    }
    this.isLoading = false
    this.#later()
    // The list was scrolled meanwhile.
    if (!this.error && !this.#isFresh()) void this.#read()
  }

  async #page(place: { readonly workspace: string; readonly project: number }, number: number, signal: AbortSignal) {
    const page = await listAssets(this.#connection, place, this.#filter, { number: number + 1, size: PAGE_SIZE }, signal)
    const content = page.content.map((one) =>
      one.keyframeUrl ? { ...one, keyframeUrl: this.#pictures.same(one.keyframeUrl) } : one,
    )
    return { ...page, content }
  }

  #isFresh(): boolean {
    const last = Math.max(0, Math.ceil(this.total / PAGE_SIZE) - 1)
    return numbersOf(...this.#seen).every((one) => this.#fresh.has(one) || one > last)
  }

  #later(): void {
    const isBusy = this.assets.some(isActive) || Boolean(this.counts && this.counts.importing + this.counts.analysing)
    const seconds = isBusy ? SECONDS_OF_WORK : SECONDS_OF_REST
    this.#timer = setTimeout(() => (document.hidden ? this.#later() : void this.refresh()), seconds * 1000)
  }
}

function numbersOf(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, step) => first + step)
}
