const MS_LEFT = 60_000

/** Signed addresses of pictures, of which the first of each picture is used until it ends, so that no picture is loaded twice. */
export class SignedPictures {
  #kept = new Map<string, { readonly url: string; readonly end: number }>()

  /** Return an address of the same picture, which may have been signed before. */
  same(url: string, now = Date.now()): string {
    const picture = url.split('?', 1)[0] ?? url
    const kept = this.#kept.get(picture)
    if (kept && kept.end - MS_LEFT > now) return kept.url
    this.#kept.set(picture, { url, end: endOf(url) })
    return url
  }
}

/** Return when a signed address ends, in milliseconds since the epoch: of this server or of S3. */
function endOf(url: string): number {
  const query = new URLSearchParams(url.split('?')[1])
  const signed = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(query.get('X-Amz-Date') ?? '')
  if (!signed) return Number(query.get('expires') ?? 0) * 1000
  const [year, month, day, hour, minute, second] = signed.slice(1).map(Number)
  return Date.UTC(year ?? 0, (month ?? 1) - 1, day, hour, minute, second) + Number(query.get('X-Amz-Expires')) * 1000
}
