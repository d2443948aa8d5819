/** Line of a transcript as far as captions need it. */
export interface SpokenLine {
  readonly startTimeMs: number
  readonly endTimeMs: number
  readonly text: string
  readonly words?: readonly { readonly text: string; readonly startTimeMs: number; readonly endTimeMs: number }[]
}

interface Cue {
  readonly start: number
  readonly end: number
  readonly text: string
}

const MAXIMUM_CHARACTERS = 84
const MAXIMUM_MS = 7000
const MINIMUM_MS = 300

/** Return WebVTT captions of lines. Long lines are divided at their words. */
export function captionsOf(lines: readonly SpokenLine[]): string {
  const cues = lines.flatMap((line) => [...cuesOf(line)])
  const blocks = cues.map((cue) => `${timeOf(cue.start)} --> ${timeOf(Math.max(cue.end, cue.start + MINIMUM_MS))}\n${escaped(cue.text)}\n`)
  return ['WEBVTT\n', ...blocks].join('\n')
}

function* cuesOf(line: SpokenLine): Generator<Cue> {
  const isShort = line.text.length <= MAXIMUM_CHARACTERS && line.endTimeMs - line.startTimeMs <= MAXIMUM_MS
  if (isShort || !line.words?.length) {
    yield { start: line.startTimeMs, end: line.endTimeMs, text: line.text }
    return
  }
  // Words are found again in the text, which has the spaces and signs between them, or none as Japanese does.
  let from = 0
  let place = 0
  let start = line.words[0]?.startTimeMs ?? line.startTimeMs
  let end = start
  for (const word of line.words) {
    const found = line.text.indexOf(word.text, place)
    const wordStart = found < 0 ? place : found
    const isFull = wordStart + word.text.length - from > MAXIMUM_CHARACTERS || word.endTimeMs - start > MAXIMUM_MS
    if (isFull && wordStart > from) {
      yield { start, end, text: line.text.slice(from, wordStart).trim() }
      from = wordStart
      start = word.startTimeMs
    }
    place = wordStart + (found < 0 ? 0 : word.text.length)
    end = word.endTimeMs
  }
  yield { start, end: line.endTimeMs, text: line.text.slice(from).trim() }
}

function timeOf(milliseconds: number): string {
  const two = (value: number): string => String(Math.floor(value)).padStart(2, '0')
  const seconds = Math.floor(milliseconds / 1000)
  const fraction = String(Math.floor(milliseconds) % 1000).padStart(3, '0')
  return `${two(seconds / 3600)}:${two((seconds / 60) % 60)}:${two(seconds % 60)}.${fraction}`
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll(/\s*\n\s*/g, ' ')
}
