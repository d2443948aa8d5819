/** Part of the film that the axis shows, in milliseconds. */
export interface View {
  readonly start: number
  readonly end: number
}

const SHORTEST_MS = 400
const STEPS_MS = [
  40, 100, 200, 500, 1000, 2000, 5000, 10_000, 15_000, 30_000, 60_000, 120_000, 300_000, 600_000, 900_000, 1_800_000,
  3_600_000,
]

export function xOf(view: View, width: number, time: number): number {
  return ((time - view.start) / (view.end - view.start)) * width
}

export function timeOf(view: View, width: number, x: number): number {
  return view.start + (x / width) * (view.end - view.start)
}

/** Return a view of another length, in which a time keeps its place. */
export function zoomed(view: View, factor: number, time: number, duration: number): View {
  const length = view.end - view.start
  const wanted = Math.min(duration, Math.max(Math.min(SHORTEST_MS, duration), length * factor))
  if (wanted >= duration) return { start: 0, end: duration }
  const share = (time - view.start) / length
  return within({ start: time - share * wanted, end: time + (1 - share) * wanted }, duration)
}

export function panned(view: View, milliseconds: number, duration: number): View {
  return within({ start: view.start + milliseconds, end: view.end + milliseconds }, duration)
}

/** Return the view that shows a time: the same, or one of the same length in which the time is near the start. */
export function showing(view: View, time: number, duration: number): View {
  if (time >= view.start && time <= view.end) return view
  const start = time - (view.end - view.start) * 0.08
  return within({ start, end: start + view.end - view.start }, duration)
}

function within({ start, end }: View, duration: number): View {
  const length = end - start
  if (length >= duration) return { start: 0, end: duration }
  const first = Math.min(duration - length, Math.max(0, start))
  return { start: first, end: first + length }
}

/** Return the times of the ruler, which are at least some pixels apart, and the step between them. */
export function ticks(view: View, width: number, pixels: number): { readonly step: number; readonly times: readonly number[] } {
  const least = ((view.end - view.start) / width) * pixels
  const step = STEPS_MS.find((one) => one >= least) ?? Math.ceil(least / 3_600_000) * 3_600_000
  const times: number[] = []
  for (let time = Math.ceil(view.start / step) * step; time <= view.end; time += step) times.push(time)
  return { step, times }
}

/** Return the nearest of some times in order if it is near enough, else the time itself. */
export function snapped(time: number, times: readonly number[], reach: number): number {
  let low = 0
  let high = times.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((times[middle] ?? 0) < time) low = middle + 1
    else high = middle
  }
  const before = times[low - 1] ?? -Infinity
  const after = times[low] ?? Infinity
  const nearest = time - before < after - time ? before : after
  return Math.abs(nearest - time) <= reach ? nearest : time
}
