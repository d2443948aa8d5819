import { ApiError, errorOf } from './errors'

type Query = Readonly<Record<string, string | number | boolean | readonly (string | number)[] | null | undefined>>

export interface Call {
  readonly query?: Query
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
  readonly signal?: AbortSignal
}

const SECONDS_BETWEEN_TRIES = [1, 2, 4, 8, 15]

/** Calls of the server with the cookie of the session, and what they tell about the connection. */
export class Connection {
  /** False from a call without an answer until the server answers again. */
  isUp = $state(true)
  /** True from an answer that the session is over until the next sign-in. */
  isSessionOver = $state(false)
  #fetch: typeof fetch
  #base: string

  /** @param base address of the page's folder, from which the API is reached. */
  constructor(base: string, fetching: typeof fetch = (...call) => fetch(...call)) {
    this.#base = base
    this.#fetch = fetching
  }

  /** Address of a path of the server, as media elements need it. */
  address(path: string, query: Query = {}): string {
    const url = new URL(`../${path.replace(/^\//, '')}`, this.#base)
    for (const [name, value] of Object.entries(query)) {
      if (value === null || value === undefined) continue
      for (const one of Array.isArray(value) ? value : [value]) url.searchParams.append(name, String(one))
    }
    return url.href
  }

  /** Return the result of a call. Throw an `ApiError` if it is refused or not answered. */
  async call<T>(method: string, path: string, call: Call = {}): Promise<T> {
    const answer = await this.answer(method, path, call)
    if (answer.status === 204) return undefined as T
    const content: { result?: T } = await answer.json()
    return ('result' in content ? content.result : content) as T
  }

  /** Return the answer to a call that was accepted. */
  async answer(method: string, path: string, call: Call = {}): Promise<Response> {
    const headers: Record<string, string> = { accept: 'application/json', 'x-scenedex-console': '1', ...call.headers }
    const request: RequestInit = { method, headers, credentials: 'same-origin', cache: 'no-cache' }
    if (call.body !== undefined) {
      headers['content-type'] = 'application/json'
      request.body = JSON.stringify(call.body)
    }
    if (call.signal) request.signal = call.signal
    let answer: Response
    try {
      answer = await this.#fetch(this.address(path, call.query), request)
    } catch (error) {
      if (call.signal?.aborted) throw error
      this.#lost()
      throw new ApiError(0, '', 'no answer')
    }
    this.isUp = true
    if (answer.ok) return answer
    const error = await errorOf(answer)
    if (error.isSignedOut) this.isSessionOver = true
    throw error
  }

  /** Ask the server whether it is up. */
  async isAnswering(): Promise<boolean> {
    return await this.#fetch(this.address('healthz'), { cache: 'no-store' }).then(
      (answer) => answer.ok,
      () => false,
    )
  }

  #lost(): void {
    if (!this.isUp) return
    this.isUp = false
    void this.#untilUp()
  }

  async #untilUp(): Promise<void> {
    for (let tries = 0; !this.isUp; tries++) {
      const seconds = SECONDS_BETWEEN_TRIES[Math.min(tries, SECONDS_BETWEEN_TRIES.length - 1)] ?? 15
      await new Promise((resolve) => setTimeout(resolve, seconds * 1000))
      if (await this.isAnswering()) this.isUp = true
    }
  }
}
