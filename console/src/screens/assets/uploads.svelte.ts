import { inProject } from '../../api/calls'
import type { Connection } from '../../api/connection.svelte'
import { ApiError } from '../../api/errors'
import { errorOfTransfer } from '../../api/transfers'
import type { UploadOutcome, UploadPlace } from '../../api/types'

const AT_ONCE = 3
const MAX_TRIES = 5

/** A file on its way to the server. */
export class FileUpload {
  sent = $state(0)
  state = $state<'waiting' | 'sending' | 'checking' | 'done' | 'failed' | 'canceled'>('waiting')
  error = $state.raw<unknown>(undefined)
  /** Why the server did not accept the file. */
  refusal = $state('')
  cancel: () => void = () => (this.state = 'canceled')

  constructor(readonly file: File) {}

  get percent(): number {
    return this.file.size ? Math.floor((100 * this.sent) / this.file.size) : 100
  }
}

/** Uploads of files into a project, some at a time. A broken transfer begins again by itself. */
export class Uploads {
  items = $state<FileUpload[]>([])
  #connection: Connection
  #place: { readonly workspace: string; readonly project: number }
  #running = 0
  #added: () => void

  /** @param added is called after each file that has become an asset. */
  constructor(connection: Connection, place: { readonly workspace: string; readonly project: number }, added: () => void) {
    this.#connection = connection
    this.#place = place
    this.#added = added
  }

  get isBusy(): boolean {
    return this.items.some((one) => ['waiting', 'sending', 'checking'].includes(one.state))
  }

  add(files: readonly File[]): void {
    this.items.push(...files.map((file) => new FileUpload(file)))
    this.#next()
  }

  /** Try a failed upload again. */
  retry(item: FileUpload): void {
    item.state = 'waiting'
    item.error = undefined
    item.refusal = ''
    this.#next()
  }

  #next(): void {
    for (const item of this.items) {
      if (this.#running >= AT_ONCE) return
      if (item.state !== 'waiting') continue
      this.#running += 1
      void this.#send(item).finally(() => {
        this.#running -= 1
        this.#next()
      })
    }
  }

  async #send(item: FileUpload): Promise<void> {
    item.state = 'sending'
    for (let tries = 1; ; tries++) {
      try {
        await this.#sendOnce(item)
        return
      } catch (error) {
        // Cancelled by the person at the page, which the compiler cannot see.
        if ((item.state as string) === 'canceled') return
        if (tries === MAX_TRIES || !(error instanceof ApiError) || !error.isTemporary) {
          item.error = error
          item.state = 'failed'
          return
        }
        await new Promise((resolve) => setTimeout(resolve, (error.retryAfter ?? 2 ** (tries - 1)) * 1000))
      }
    }
  }

  async #sendOnce(item: FileUpload): Promise<void> {
    const { workspace, project } = this.#place
    const uploads = inProject(workspace, project, 'assets', 'uploads')
    const body = { assetFileName: item.file.name }
    const place = await this.#connection.call<UploadPlace>('POST', `${uploads}/presigned-url`, { body })
    item.state = 'sending'
    await put(this.#connection, place.presignedUploadUrl, item)
    item.state = 'checking'
    const done = { body: { assetKey: place.assetFileKey } }
    const outcome = await this.#connection.call<UploadOutcome>('POST', `${uploads}/complete`, done)
    if (outcome.uploadStatus === 'COMPLETED') {
      item.state = 'done'
      this.#added()
    } else {
      item.refusal = outcome.uploadMessage ?? ''
      item.state = 'failed'
    }
  }
}

/** Send a file, which `fetch` can do only without progress. */
function put(connection: Connection, url: string, item: FileUpload): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    const fail = (): void => void errorOfTransfer(connection, url, item.sent).then(reject)
    request.open('PUT', url)
    request.upload.onprogress = (event) => (item.sent = event.loaded)
    request.onload = () => (request.status < 300 ? resolve() : reject(new ApiError(request.status, '', request.responseText)))
    request.onerror = request.ontimeout = request.onabort = fail
    item.cancel = () => {
      item.state = 'canceled'
      request.abort()
    }
    item.sent = 0
    request.send(item.file)
  })
}
