import type { Connection } from '../../api/connection.svelte'
import { ApiError } from '../../api/errors'
import type { AssetState, Index, Playback } from '../../api/types'
import { Resource } from '../../app/resource.svelte'
import { poll } from '../../lib/polling'
import { contentOf, NOTHING, type Content } from './content'

const RUNNING = ['WAIT_ANALYZE', 'ANALYZING']
const SECONDS_BETWEEN_LOOKS = 2

/** The asset that the screen shows: its states, its index and how it plays. */
export class OpenAsset {
  readonly state: Resource<AssetState>
  /** `null` if the asset has not been analysed. */
  readonly index: Resource<Index | null>
  readonly playback: Resource<Playback>
  readonly content: Content = $derived.by(() => (this.index.value ? contentOf(this.index.value) : NOTHING))
  #connection: Connection
  #workspace: string

  constructor(connection: Connection, workspace: string, id: string) {
    this.#connection = connection
    this.#workspace = `api/v1/workspaces/${encodeURIComponent(workspace)}`
    const address = `${this.#workspace}/asset-states/${encodeURIComponent(id)}`
    this.state = new Resource((signal) => connection.call('GET', address, { signal }))
    this.index = new Resource((signal) => this.#readIndex(signal))
    this.playback = new Resource((signal) => this.#readPlayback(signal))
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

  get isPicture(): boolean {
    return ['jpg', 'png', 'heic'].includes(this.state.value?.metaData?.format ?? '')
  }

  /** Length in milliseconds, of the file or of what was analysed. */
  get duration(): number {
    return this.state.value?.metaData?.durationMs || this.content.durationMs
  }

  async open(): Promise<void> {
    await this.state.refresh()
    if (this.isImported) await Promise.all([this.index.refresh(), this.playback.refresh()])
  }

  /** Follow an import, an analysis or a proxy. Return a function that ends it. */
  follow(): () => void {
    return poll(SECONDS_BETWEEN_LOOKS * 1000, async () => {
      const isMaking = ['WAITING', 'RUNNING'].includes(this.playback.value?.status ?? '')
      if (this.isImported && isMaking) await this.playback.refresh()
      if (this.isImporting || this.isAnalysing) await this.look()
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
  async call<T>(method: string, path: string, body?: unknown): Promise<T> {
    return this.#connection.call<T>(method, `${this.path}/${path}`, body === undefined ? {} : { body })
  }

  /** Call the workspace of the asset. */
  async callWorkspace<T>(method: string, path: string, body?: unknown): Promise<T> {
    return this.#connection.call<T>(method, `${this.#workspace}/${path}`, body === undefined ? {} : { body })
  }

  /** Address of the file that plays, or `null`. */
  get mediaUrl(): string | null {
    const { value } = this.playback
    // The server writes the path with the prefix of its public address.
    if (value?.mediaUrl) return new URL(value.mediaUrl, document.baseURI).href
    return null
  }

  get originalUrl(): string {
    return this.#connection.address(`${this.path}/media`, { of: 'original' })
  }

  async #readIndex(signal: AbortSignal): Promise<Index | null> {
    try {
      return await this.#connection.call<Index>('GET', `${this.path}/index`, { signal })
    } catch (error) {
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
