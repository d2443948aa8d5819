import { inWorkspace, listProjects } from '../../api/calls'
import type { Connection } from '../../api/connection.svelte'
import type { Answer, Project } from '../../api/types'

const MS_BETWEEN_LOOKS = [150, 250, 400, 700, 1000] as const

/** Question as the address of the page has it. */
export interface Asked {
  readonly text: string
  /** `null` for all projects. */
  readonly project: number | null
}

/** Answer to the question that was asked last. */
export class Answers {
  answer = $state.raw<Answer | null>(null)
  state = $state<'none' | 'running' | 'done' | 'failed'>('none')
  error = $state.raw<unknown>(undefined)
  projects = $state.raw<readonly Project[]>([])
  #connection: Connection
  #workspace: string
  #running = new AbortController()

  constructor(connection: Connection, workspace: string) {
    this.#connection = connection
    this.#workspace = workspace
  }

  /** Ask. The former answer stays until the next one has come. */
  async ask({ text, project }: Asked): Promise<void> {
    const { signal } = this.#begin()
    try {
      await this.#readProjects(signal)
      const projectIds = project === null ? this.projects.map((one) => one.projectId) : [project]
      const path = inWorkspace(this.#workspace, 'ask')
      const body = { question: text, filter: { projectIds } }
      const { askId } = await this.#connection.call<{ askId: string }>('POST', path, { body, signal })
      this.answer = await this.#completed(askId, signal)
      this.state = 'done'
    } catch (error) {
      if (signal.aborted) return
      this.error = error
      this.state = 'failed'
    }
  }

  /** Read the addresses of pictures again. An answer that has expired keeps those that are there. */
  async renew(): Promise<void> {
    const { answer } = this
    if (!answer || this.state !== 'done') return
    const read = await this.#completed(answer.askId, this.#running.signal).catch(() => null)
    if (read && this.answer === answer) this.answer = read
  }

  /** Show no answer. The projects are read for the next question. */
  async clear(): Promise<void> {
    const { signal } = this.#begin()
    this.state = 'none'
    this.answer = null
    await this.#readProjects(signal).catch((error: unknown) => {
      if (!signal.aborted) this.error = error
    })
  }

  /** Ask no more. */
  stop(): void {
    this.#running.abort()
  }

  #begin(): AbortController {
    this.#running.abort()
    this.#running = new AbortController()
    this.state = 'running'
    this.error = undefined
    return this.#running
  }

  async #readProjects(signal: AbortSignal): Promise<void> {
    if (!this.projects.length) this.projects = await listProjects(this.#connection, this.#workspace, signal)
  }

  async #completed(askId: string, signal: AbortSignal): Promise<Answer> {
    const path = inWorkspace(this.#workspace, 'ask', askId)
    for (let looks = 0; ; looks++) {
      const found = await this.#connection.call<Answer>('GET', path, { signal })
      if (found.status === 'COMPLETED') return found
      if (found.status === 'FAILED') throw new Error(found.statusMessage ?? '')
      const pause = MS_BETWEEN_LOOKS[Math.min(looks, MS_BETWEEN_LOOKS.length - 1)]
      await new Promise((resolve) => setTimeout(resolve, pause))
      signal.throwIfAborted()
    }
  }
}
