import { ApiError } from '../../api/errors'
import type { SceneSummaries, SceneSummary, SummaryEstimate, SummaryStatus } from '../../api/types'
import { Resource } from '../../app/resource.svelte'
import type { OpenAsset } from './asset.svelte'

const RUNNING = ['WAIT_SUMMARIZE', 'SUMMARIZING']
export const LOCALES = ['ko-KR', 'en-US', 'ja-JP', 'zh-CN', 'zh-TW'] as const
export type Locale = (typeof LOCALES)[number]

/** The summaries of the scenes of an asset, and the state of the latest request for them. */
export class Summaries {
  readonly status: Resource<SummaryStatus>
  /** `null` if none has completed. */
  readonly result: Resource<SceneSummaries | null>
  /** Use and cost of the next request. */
  readonly estimate: Resource<SummaryEstimate>
  #asset: OpenAsset
  #chosen: readonly number[] = []

  constructor(asset: OpenAsset) {
    this.#asset = asset
    this.status = new Resource((signal) => asset.call('GET', 'scene-summary/status', undefined, signal))
    this.result = new Resource((signal) => this.#read(signal))
    this.estimate = new Resource((signal) => this.#estimated(signal))
  }

  get isRunning(): boolean {
    return RUNNING.includes(this.status.value?.status ?? this.#asset.state.value?.summaryStatus ?? '')
  }

  /** Read status and result. */
  async open(): Promise<void> {
    await this.status.refresh()
    await this.result.refresh()
  }

  /** Estimate a request for some scenes, or for all. */
  async estimateFor(chosen: readonly number[]): Promise<void> {
    this.#chosen = chosen
    await this.estimate.refresh()
  }

  /** Read the status, and what has changed with its end. */
  async look(): Promise<void> {
    const wasRunning = this.isRunning
    await this.status.refresh()
    if (wasRunning && !this.isRunning) await Promise.all([this.result.refresh(), this.#asset.index.refresh()])
  }

  /** Ask for summaries of some scenes, or of all in a language. Without a language it is that of the asset. */
  async request(scenes: readonly number[] | null, locale: Locale | ''): Promise<void> {
    await this.#asset.call('POST', 'scene-summary', scenes ? { sceneIds: scenes } : locale ? { locale } : {})
    await this.status.refresh()
  }

  async cancel(): Promise<void> {
    await this.#asset.call('POST', 'scene-summary/cancel')
    await this.status.refresh()
  }

  async #estimated(signal: AbortSignal): Promise<SummaryEstimate> {
    const query = this.#chosen.length ? `?sceneIds=${this.#chosen.join(',')}` : ''
    return await this.#asset.call('GET', `scene-summary/estimate${query}`, undefined, signal)
  }

  async #read(signal: AbortSignal): Promise<SceneSummaries | null> {
    // The index has the text of each summary, so that none is asked for in vain.
    const hasSome = this.#asset.content.scenes.some((scene) => scene.summary)
    if (!hasSome && this.status.value?.status !== 'SUMMARIZE_COMPLETED') return null
    try {
      return await this.#asset.call<SceneSummaries>('GET', 'scene-summary', undefined, signal)
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) return null
      throw error
    }
  }
}

/** Return the engines that wrote some summaries, each once, with their models. */
export function writersOf(scenes: readonly SceneSummary[]): string[] {
  return [...new Set(scenes.map((scene) => [scene.engine, scene.model].filter(Boolean).join(' · ')))]
}
