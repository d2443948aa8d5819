/** Field of a request and what is wrong with it. */
export interface FieldProblem {
  readonly field: string
  readonly reason: string
}

/** Code of the gateway, whose status is 401. */
const PERMISSION_DENIED = '210'

/** A refusal of the server, or its silence. */
export class ApiError extends Error {
  constructor(
    /** HTTP status, 0 if no answer came. */
    readonly status: number,
    /** Code of the error table, such as 400-1001. */
    readonly code: string,
    message: string,
    readonly problems: readonly FieldProblem[] = [],
    readonly traceId = '',
    /** Seconds to wait before the next call, if the server says so. */
    readonly retryAfter: number | null = null,
  ) {
    super(message)
    this.name = 'ApiError'
  }

  /** True if the call has no session in force. */
  get isSignedOut(): boolean {
    return this.status === 401 && this.code !== PERMISSION_DENIED
  }

  /** True if the access key may not make the call. */
  get isForbidden(): boolean {
    return this.status === 403 || this.code === PERMISSION_DENIED
  }

  /** True if the same call may succeed later. */
  get isTemporary(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500
  }
}

interface Envelope {
  readonly code?: string
  readonly message?: string
  readonly responseError?: { readonly code: string; readonly message: string; readonly details: readonly FieldProblem[] }
  readonly error?: { readonly errorCode?: string; readonly message?: string; readonly details?: string }
}

/** Return the error that an answer describes. */
export async function errorOf(answer: Response): Promise<ApiError> {
  const traceId = answer.headers.get('x-ncp-trace-id') ?? ''
  const wait = Number(answer.headers.get('retry-after') ?? 'NaN')
  const retryAfter = Number.isFinite(wait) ? wait : null
  const content: Envelope = await answer.json().catch(() => ({}))
  const service = content.responseError
  if (service) return new ApiError(answer.status, service.code, service.message, service.details, traceId, retryAfter)
  const gateway = content.error
  const message = gateway?.details ?? gateway?.message ?? content.message ?? answer.statusText
  return new ApiError(answer.status, gateway?.errorCode ?? content.code ?? '', message, [], traceId, retryAfter)
}
