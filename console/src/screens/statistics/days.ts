const DAY_MS = 86_400_000

/** Return the day that lies some days before another, both as YYYY-MM-DD. */
export function dayBefore(day: string, days: number): string {
  const time = Date.parse(`${day}T00:00:00Z`)
  return new Date((Number.isNaN(time) ? Date.now() : time) - days * DAY_MS).toISOString().slice(0, 10)
}

/** Return hours with one decimal, or with two below ten, so that a short film is not 0. */
export function hoursOf(seconds: number): number {
  const hours = Math.round(seconds / 36) / 100
  return hours < 10 ? hours : Math.round(seconds / 360) / 10
}
