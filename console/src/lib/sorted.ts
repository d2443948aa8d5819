/** Return how many items at the start of a list are below. The list is sorted so that all those come first. */
export function countBelow<T>(items: readonly T[], isBelow: (item: T) => boolean): number {
  let low = 0
  let high = items.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (isBelow(items[middle] as T)) low = middle + 1
    else high = middle
  }
  return low
}

/** Return the position of the last item that starts at or before a time, or -1. */
export function lastStarted(items: readonly { readonly startTimeMs: number }[], time: number): number {
  return countBelow(items, (item) => item.startTimeMs <= time) - 1
}
