import type { Connection } from '../../api/connection.svelte'
import { ApiError } from '../../api/errors'
import { errorOfTransfer } from '../../api/transfers'

interface Place {
  readonly assetFileKey: string
  readonly presignedUploadUrl: string
}

interface Outcome {
  readonly uploadStatus: 'COMPLETED' | 'FAILED'
  readonly uploadMessage?: string
}

/** Upload a picture to search with, and return its key. Throw if the server does not accept it. */
export async function uploadPicture(connection: Connection, file: File): Promise<string> {
  const uploads = 'api/v1/query-assets/uploads'
  const body = { assetFileName: file.name, assetType: 'IMAGE' }
  const place = await connection.call<Place>('POST', `${uploads}/presigned-url`, { body })
  const sent = await fetch(place.presignedUploadUrl, { method: 'PUT', body: file }).catch(() => null)
  if (!sent) throw await errorOfTransfer(connection, place.presignedUploadUrl, 0)
  if (!sent.ok) throw new ApiError(sent.status, '', sent.statusText)
  const done = { body: { assetKey: place.assetFileKey } }
  const outcome = await connection.call<Outcome>('POST', `${uploads}/complete`, done)
  if (outcome.uploadStatus === 'FAILED') throw new ApiError(422, '', outcome.uploadMessage ?? '')
  return place.assetFileKey
}
