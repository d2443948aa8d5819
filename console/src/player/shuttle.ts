/** Speeds of `j` and `l`, from backwards over standing to forwards. */
export const SHUTTLE = [-8, -4, -2, -1, 0, 1, 2, 4, 8] as const

/** Speeds of `[` and `]`. */
export const SPEEDS = [0.25, 0.5, 0.75, 1, 1.25, 1.5, 2] as const

/** Return the speed that is some steps away in a list of speeds, or its first or last. */
export function stepped(speeds: readonly number[], speed: number, steps: number): number {
  let nearest = 0
  for (const [place, one] of speeds.entries()) {
    if (Math.abs(one - speed) < Math.abs((speeds[nearest] ?? 0) - speed)) nearest = place
  }
  return speeds[Math.min(speeds.length - 1, Math.max(0, nearest + steps))] ?? speed
}
