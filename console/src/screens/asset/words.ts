import type { Script } from '../../api/types'
import { lastStarted } from '../../lib/sorted'

/** Word of a line with its place in the text. */
export interface PlacedWord {
  readonly startTimeMs: number
  readonly endTimeMs: number
  readonly confidence: number
  readonly from: number
  readonly to: number
}

/** Return the words of a line with their places in its text. Words that the text does not have are left out. */
export function placedWords(line: Pick<Script, 'text' | 'words'>): PlacedWord[] {
  const placed: PlacedWord[] = []
  let place = 0
  for (const { text, ...word } of line.words ?? []) {
    const from = line.text.indexOf(text, place)
    if (from < 0) continue
    place = from + text.length
    placed.push({ ...word, from, to: place })
  }
  return placed
}

/** Return the word at a place in the text, or the last one before it, or `undefined`. */
export function wordAtPlace(words: readonly PlacedWord[], place: number): PlacedWord | undefined {
  return words.findLast((word) => word.from <= place)
}

/** Return the word that is spoken at a time, or `undefined` between words. */
export function wordAtTime(words: readonly PlacedWord[], time: number): PlacedWord | undefined {
  const word = words[lastStarted(words, time)]
  return word && time < word.endTimeMs ? word : undefined
}

/** Return the position of the line that is spoken at a time, or that was spoken last, or -1. */
export function lineAt(lines: readonly Pick<Script, 'startTimeMs'>[], time: number): number {
  return lastStarted(lines, time)
}

/** Return the places of a text in a line without regard to capitals. */
export function placesOf(text: string, wanted: string): number[] {
  if (!wanted) return []
  const here = text.toLocaleLowerCase()
  const there = wanted.toLocaleLowerCase()
  const places: number[] = []
  for (let place = here.indexOf(there); place >= 0; place = here.indexOf(there, place + there.length)) places.push(place)
  return places
}
