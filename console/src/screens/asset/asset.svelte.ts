import type { Connection } from '../../api/connection.svelte'
import { ApiError } from '../../api/errors'
import type { AssetState, Index, Playback } from '../../api/types'
import { Resource } from '../../app/resource.svelte'
import { poll } from '../../lib/polling'
import { contentOf, NOTHING, type Content } from './content'
import { Summaries } from './summaries.svelte'

const RUNNING = ['WAIT_ANALYZE', 'ANALYZING']
const MAKING = ['WAITING', 'RUNNING']
const SECONDS_BETWEEN_LOOKS = 2

/** The asset that the screen shows: its states, its index and how it plays. */
export class OpenAsset {
  readonly state: Resource<AssetState>
  /** `null` if the asset has not been analysed. */
  readonly index: Resource<Index | null>
  readonly playback: Resource<Playback>
  readonly summaries: Summaries
  readonly content: Content = $derived.by(() => (this.index.value ? contentOf(this.index.value) : NOTHING))
  /** True once this browser has not played the original. */
  wantsProxy = $state(false)
  #connection: Connection
  #workspace: string

  constructor(connection: Connection, workspace: string, id: string) {
    this.#connection = connection
    this.#workspace = `api/v1/workspaces/${encodeURIComponent(workspace)}`
    const address = `${this.#workspace}/asset-states/${encodeURIComponent(id)}`
    this.state = new Resource((signal) => connection.call('GET', address, { signal }))
    this.index = new Resource((signal) => this.#readIndex(signal))
    this.playback = new Resource((signal) => this.#readPlayback(signal))
    this.summaries = new Summaries(this)
  }

  /** Path of the asset's calls. */
  get path(): string {
    const { projectId, assetId } = this.state.value ?? { projectId: 0, assetId: 0 }
    return `${this.#workspace}/projects/${projectId}/assets/${assetId}`
  }

  get workspacePath(): string {
    return this.#workspace
  }

  get isImported(): boolean {
    return this.state.value?.importStatus === 'COMPLETED'
  }

  get isImporting(): boolean {
    return this.state.value?.importStatus === 'IN_PROGRESS'
  }

  get isAnalysing(): boolean {
    return RUNNING.includes(this.state.value?.analysisStatus ?? '')
  }

  get isMakingProxy(): boolean {
    const { value } = this.playback
    return MAKING.includes(value?.status ?? '') || MAKING.includes(value?.proxy?.status ?? '')
  }

  get isPicture(): boolean {
    const { format, durationMs } = this.state.value?.metaData ?? {}
    // A motion photo is a film: it has a length.
    return ['jpg', 'png', 'heic'].includes(format ?? '') && !durationMs
  }

  /** Length in milliseconds, of the file or of what was analysed. */
  get duration(): number {
    return this.state.value?.metaData?.durationMs || this.content.durationMs
  }

  async open(): Promise<void> {
    await this.state.refresh()
    if (this.isImported) await Promise.all([this.index.refresh(), this.playback.refresh()])
  }

  /** Read the addresses of pictures again. */
  async renew(): Promise<void> {
    await Promise.all([this.index.refresh(), this.playback.refresh()])
  }

  /** Follow an import, an analysis, a proxy or summaries. Return a function that ends it. */
  follow(): () => void {
    return poll(() => SECONDS_BETWEEN_LOOKS * 1000, async () => {
      if (this.isImported && this.isMakingProxy) await this.playback.refresh()
      if (this.isImporting || this.isAnalysing) await this.look()
      if (this.summaries.isRunning) await this.summaries.look()
    })
  }

  /** Read the states, and all that has changed with them. */
  async look(): Promise<void> {
    const before = this.state.value
    await this.state.refresh()
    const after = this.state.value
    if (before?.importStatus !== after?.importStatus) await Promise.all([this.index.refresh(), this.playback.refresh()])
    else if (before?.analysedTime !== after?.analysedTime) {
      await Promise.all([this.index.refresh(), this.playback.refresh()])
    }
  }

  /** Call the asset. */
  async call<T>(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<T> {
    const options = { ...(body === undefined ? {} : { body }), ...(signal ? { signal } : {}) }
    return this.#connection.call<T>(method, `${this.path}/${path}`, options)
  }

  /** Call the workspace of the asset. */
  async callWorkspace<T>(method: string, path: string, body?: unknown): Promise<T> {
    return this.#connection.call<T>(method, `${this.#workspace}/${path}`, body === undefined ? {} : { body })
  }

  /** Address of the file that plays, or `null`. */
  get mediaUrl(): string | null {
    const { value } = this.playback
    // The server may take a file for one that plays where this browser does not play it.
    if (this.wantsProxy && value?.proxy?.status === 'READY') {
      return this.#connection.address(`${this.path}/media`, { of: 'proxy' })
    }
    // The server writes the path with the prefix of its public address.
    return value?.mediaUrl ? new URL(value.mediaUrl, document.baseURI).href : null
  }

  /** Return whether the server has the file that plays. A browser tells a missing file from a strange one no other way. */
  async hasMedia(): Promise<boolean> {
    if (!this.mediaUrl) return false
    return await fetch(this.mediaUrl, { method: 'HEAD', cache: 'no-store' }).then(
      (answer) => answer.ok,
      () => false,
    )
  }

  /** Ask for a version that browsers play. */
  async makeProxy(): Promise<void> {
    this.wantsProxy = true
    await this.call('POST', 'playback')
    await this.playback.refresh()
  }

  /** Delete the version that was made for browsers. */
  async deleteProxy(): Promise<void> {
    this.wantsProxy = false
    await this.call('DELETE', 'playback')
    await this.playback.refresh()
  }

  get originalUrl(): string {
    return this.#connection.address(`${this.path}/media`, { of: 'original' })
  }

  async #readIndex(signal: AbortSignal): Promise<Index | null> {
    if (!this.state.value?.analysedTime) return null
    try {
      return await this.#connection.call<Index>('GET', `${this.path}/index`, { signal })
    } catch (error) {
      // It has been deleted in the meantime.
      if (error instanceof ApiError && error.status === 409) return null
      throw error
    }
  }

  async #readPlayback(signal: AbortSignal): Promise<Playback> {
    try {
      const { playback } = await this.#connection.call<{ playback: Playback }>('GET', `${this.path}/playback`, { signal })
      return playback
    } catch (error) {
      // A server without the call plays the original.
      if (!(error instanceof ApiError) || error.status !== 404) throw error
      const mediaUrl = new URL(this.#connection.address(`${this.path}/media`)).pathname
      return { source: 'ORIGINAL', status: 'READY', mediaUrl, durationMs: this.duration, hasSound: true }
    }
  }
}
