/** Frames per second that edits can be counted in, with their exact rates. */
const RATES: readonly (readonly [string, number])[] = [
  ['23.976', 24_000 / 1001],
  ['24', 24],
  ['25', 25],
  ['29.97', 30_000 / 1001],
  ['30', 30],
  ['50', 50],
  ['59.94', 60_000 / 1001],
  ['60', 60],
]

/** Return the rate of an export that is nearest to that of a film. */
export function exportRateOf(rate: number): string {
  const [nearest] = [...RATES].sort(([, one], [, other]) => Math.abs(one - rate) - Math.abs(other - rate))
  return nearest?.[0] ?? '25'
}
