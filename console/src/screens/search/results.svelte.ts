import { countAssets, inWorkspace, listProjects } from '../../api/calls'
import type { Connection } from '../../api/connection.svelte'
import type { Hit, Project, SearchResult } from '../../api/types'
import { requestOf, type Question } from './query'

const PAGE_SIZE = 50
/** Seconds between two looks at a search that runs. The server itself waits for its end for a moment. */
const PAUSE = 0.15

/** What a search could not look at. */
export interface Unsearched {
  readonly assets: number
  readonly notAnalysed: number
}

/** Hits of the question that was asked last, as far as they were scrolled to. */
export class Results {
  hits = $state.raw<readonly Hit[]>([])
  total = $state(0)
  searchId = $state('')
  state = $state<'none' | 'running' | 'done' | 'failed'>('none')
  error = $state.raw<unknown>(undefined)
  projects = $state.raw<readonly Project[]>([])
  unsearched = $state.raw<Unsearched | null>(null)
  #connection: Connection
  #workspace: string
  #running = new AbortController()

  constructor(connection: Connection, workspace: string) {
    this.#connection = connection
    this.#workspace = workspace
  }

  /** Ask. The former hits stay until the next ones have come. */
  async ask(question: Question): Promise<void> {
    this.#running.abort()
    const { signal } = (this.#running = new AbortController())
    this.state = 'running'
    this.error = undefined
    try {
      if (!this.projects.length) this.projects = await listProjects(this.#connection, this.#workspace, signal)
      const all = this.projects.map((one) => one.projectId)
      const path = inWorkspace(this.#workspace, 'assets', 'search')
      const asked = { body: requestOf(question, all), signal }
      const { searchId } = await this.#connection.call<SearchResult>('POST', path, asked)
      const found = await this.#completed(searchId, 1, signal)
      this.searchId = searchId
      this.hits = found.results ?? []
      this.total = found.totalCount ?? 0
      this.unsearched = this.total ? null : await this.#unsearchedIn(question.projects.length ? question.projects : all, signal)
      this.state = 'done'
    } catch (error) {
      if (signal.aborted) return
      this.error = error
      this.state = 'failed'
    }
  }

  /** Show one page more. */
  async more(): Promise<void> {
    if (this.state !== 'done' || this.hits.length >= this.total) return
    this.state = 'running'
    const { signal } = this.#running
    try {
      const page = await this.#completed(this.searchId, Math.floor(this.hits.length / PAGE_SIZE) + 1, signal)
      this.hits = [...this.hits, ...(page.results ?? [])]
      this.state = 'done'
    } catch (error) {
      if (signal.aborted) return
      this.error = error
      this.state = 'failed'
    }
  }

  /** Read the addresses of pictures again. */
  async renew(): Promise<void> {
    if (this.state !== 'done' || !this.hits.length) return
    const { searchId } = this
    const { signal } = this.#running
    const numbers = Array.from({ length: Math.ceil(this.hits.length / PAGE_SIZE) }, (_, number) => number + 1)
    // A result that has expired keeps the pictures that are there.
    const pages = await Promise.all(numbers.map((number) => this.#completed(searchId, number, signal))).catch(() => [])
    const hits = pages.flatMap((page) => page.results ?? [])
    if (searchId === this.searchId && hits.length >= this.hits.length) this.hits = hits
  }

  clear(): void {
    this.#running.abort()
    this.hits = []
    this.total = 0
    this.state = 'none'
    this.error = undefined
    this.unsearched = null
  }

  async #completed(searchId: string, pageNum: number, signal: AbortSignal): Promise<SearchResult> {
    const path = inWorkspace(this.#workspace, 'assets', 'search', searchId)
    for (;;) {
      const query = { pageNum, pageSize: PAGE_SIZE }
      const found = await this.#connection.call<SearchResult>('GET', path, { query, signal })
      if (found.status === 'COMPLETED') return found
      if (found.status === 'FAILED') throw new Error(found.statusMessage ?? '')
      await new Promise((resolve) => setTimeout(resolve, PAUSE * 1000))
    }
  }

  async #unsearchedIn(projects: readonly number[], signal: AbortSignal): Promise<Unsearched> {
    const counts = await Promise.all(
      projects.slice(0, 20).map((one) => countAssets(this.#connection, this.#workspace, one, signal)),
    )
    return {
      assets: counts.reduce((sum, one) => sum + one.total, 0),
      notAnalysed: counts.reduce((sum, one) => sum + one.total - one.analysed, 0),
    }
  }
}

/** Hits of one asset, in the order of the best of them. */
export interface AssetHits {
  readonly asset: Hit
  readonly hits: readonly Hit[]
}

/** Group hits by asset. Groups are in the order of their first hits. */
export function byAsset(hits: readonly Hit[]): AssetHits[] {
  const groups = new Map<number, Hit[]>()
  for (const hit of hits) {
    const group = groups.get(hit.assetId)
    if (group) group.push(hit)
    else groups.set(hit.assetId, [hit])
  }
  return [...groups.values()].map((group) => ({ asset: group[0] as Hit, hits: group }))
}
