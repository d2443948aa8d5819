import { countAssets, listAssets, type AssetFilter } from '../../api/calls'
import type { Connection } from '../../api/connection.svelte'
import type { AssetState, StateCounts } from '../../api/types'
import { isActive } from './status'

const PAGE_SIZE = 200
const SECONDS_OF_WORK = 2
const SECONDS_OF_REST = 20

/** The assets of a project that pass a filter, as far as they were scrolled to, and their states as they change. */
export class AssetList {
  assets = $state.raw<readonly AssetState[]>([])
  counts = $state.raw<StateCounts | null>(null)
  total = $state(0)
  error = $state.raw<unknown>(undefined)
  /** True until the first page of the filter has come. */
  isLoading = $state(true)
  #connection: Connection
  #place: { readonly workspace: string; readonly project: number } | null = null
  #filter: AssetFilter = { state: null, name: '', order: 'NEWEST' }
  #pages = 1
  #running = new AbortController()
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(connection: Connection) {
    this.#connection = connection
  }

  /** Show the assets of a project. What was shown stays until they have come. */
  async show(workspace: string, project: number, filter: AssetFilter): Promise<void> {
    this.#place = { workspace, project }
    this.#filter = filter
    this.#pages = 1
    this.isLoading = true
    await this.refresh()
  }

  /** Show one page more. */
  async more(): Promise<void> {
    if (this.isLoading || this.assets.length >= this.total) return
    this.#pages += 1
    await this.refresh()
  }

  /** Read what is shown again. */
  async refresh(): Promise<void> {
    const place = this.#place
    if (!place) return
    clearTimeout(this.#timer)
    this.#running.abort()
    const { signal } = (this.#running = new AbortController())
    const numbers = Array.from({ length: this.#pages }, (_, number) => number + 1)
    try {
      const [counts, pages] = await Promise.all([
        countAssets(this.#connection, place.workspace, place.project, signal),
        Promise.all(
          numbers.map((number) => listAssets(this.#connection, place, this.#filter, { number, size: PAGE_SIZE }, signal)),
        ),
      ])
      this.counts = counts
      this.assets = pages.flatMap((page) => page.content)
      this.total = pages[0]?.totalCount ?? 0
      this.error = undefined
    } catch (error) {
      if (signal.aborted) return
      this.error = error
    }
    this.isLoading = false
    this.#later()
  }

  /** Read no more. */
  stop(): void {
    clearTimeout(this.#timer)
    this.#running.abort()
    this.#place = null
  }

  #later(): void {
    const isBusy = this.assets.some(isActive) || Boolean(this.counts && this.counts.importing + this.counts.analysing)
    const seconds = isBusy ? SECONDS_OF_WORK : SECONDS_OF_REST
    this.#timer = setTimeout(() => (document.hidden ? this.#later() : void this.refresh()), seconds * 1000)
  }
}
