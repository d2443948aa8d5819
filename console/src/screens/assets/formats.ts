/** Endings of the files that can become assets. */
export const ENDINGS: readonly string[] = ['.mp4', '.mov', '.mkv', '.webm', '.jpg', '.jpeg', '.png', '.heic']

export function isSupported(name: string): boolean {
  return ENDINGS.some((one) => name.toLowerCase().endsWith(one))
}
