import type { Connection } from './connection.svelte'
import { ApiError } from './errors'

/** A write to the storage that got no answer while the server is up: its bucket lacks a CORS rule, or it is out of reach. */
export class StorageSilent extends ApiError {
  constructor(
    /** Origin of the storage. */
    readonly storage: string,
    /** Origin of this page, which the rule has to allow. */
    readonly page: string,
  ) {
    super(0, '', `no answer of ${storage}`)
  }

  /** False, since somebody has to change the storage or the network first. */
  override get isTemporary(): boolean {
    return false
  }
}

/**
 * Return the error of a transfer to a presigned URL that got no answer.
 *
 * @param sent bytes that were sent. A browser sends none until the storage has allowed it.
 */
export async function errorOfTransfer(connection: Connection, url: string, sent: number): Promise<ApiError> {
  const storage = new URL(url).origin
  const page = new URL(connection.address('')).origin
  const isBlocked = storage !== page && sent === 0 && (await connection.isAnswering())
  return isBlocked ? new StorageSilent(storage, page) : new ApiError(0, '', 'no answer')
}
