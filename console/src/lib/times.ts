/** Return a position as H:MM:SS.mmm, or without the parts that are not needed. */
export function clock(milliseconds: number, { fraction = 0, hours = milliseconds >= 3_600_000 } = {}): string {
  const whole = Math.max(0, Math.floor(milliseconds))
  const seconds = Math.floor(whole / 1000)
  const two = (value: number): string => String(value).padStart(2, '0')
  const minutes = Math.floor(seconds / 60)
  const head = hours ? `${Math.floor(minutes / 60)}:${two(minutes % 60)}` : String(minutes)
  const tail = fraction ? `.${String(whole % 1000).padStart(3, '0').slice(0, fraction)}` : ''
  return `${head}:${two(seconds % 60)}${tail}`
}

/** Return the number of a frame at a time, of a rate in frames per second. */
export function frameAt(seconds: number, rate: number): number {
  // A time that a player reports may lie a rounding error before its frame.
  return Math.floor(seconds * rate + 1e-4)
}

/** Return the middle of a frame in seconds, where a seek is sure to show it. */
export function middleOf(frame: number, rate: number): number {
  return (frame + 0.5) / rate
}

/** Return the time of a frame as H:MM:SS:FF. */
export function timecode(seconds: number, rate: number): string {
  const second = Math.floor(seconds + 1e-6)
  const frame = Math.max(0, frameAt(seconds, rate) - Math.ceil(second * rate - 1e-4))
  return `${clock(second * 1000, { hours: true })}:${String(frame).padStart(2, '0')}`
}

/** Return frames per second of a fraction such as 30000/1001, or `null` if there is none. */
export function rateOf(fraction: string | null | undefined): number | null {
  const [frames = 0, seconds = 1] = (fraction ?? '').split('/').map(Number)
  const rate = frames / seconds
  return Number.isFinite(rate) && rate > 0 ? rate : null
}
