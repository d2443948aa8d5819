import { lastStarted } from '../../lib/sorted'
import type { Span } from './content'

/** Return the first span that starts after a time, or the first of all. */
export function nextSpan<T extends Span>(spans: readonly T[], time: number): T | undefined {
  return spans[lastStarted(spans, time + 1) + 1] ?? spans[0]
}

/** Return where the span before or after a time starts: the start of the present one if it has run for a second. */
export function neighbour(spans: readonly Span[], time: number, steps: -1 | 1): number | undefined {
  const now = lastStarted(spans, time + 1)
  if (steps > 0) return spans[now + 1]?.startTimeMs
  const start = spans[now]?.startTimeMs ?? 0
  return time - start > 1000 ? start : (spans[now - 1]?.startTimeMs ?? 0)
}

/** Return the time that an address asks for, in milliseconds. */
export function timeIn(query: URLSearchParams): number {
  const seconds = Number(query.get('t') ?? 0)
  return Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : 0
}
