import { countBelow } from '../lib/sorted'
import { xOf, type View } from './axis'

export type LaneKind = 'scenes' | 'chapters' | 'person' | 'keywords' | 'texts' | 'wave' | 'speaker' | 'sound'

/** Something on a lane from a time to another, in a row of the lane. */
export interface Mark {
  readonly start: number
  readonly end: number
  readonly row: number
  readonly label: string
}

export interface Lane {
  readonly id: string
  readonly kind: LaneKind
  readonly label: string
  /** Why the lane has no marks, if that was not analysed. */
  readonly reason: string
  readonly height: number
  readonly rows: number
  /** Marks in order of their starts. */
  readonly marks: readonly Mark[]
  /** Latest end of each mark and all before it, to find the first mark that reaches into a view. */
  readonly ends: readonly number[]
}

export interface LaneSpec {
  readonly id: string
  readonly kind: LaneKind
  readonly label: string
  readonly reason?: string
  readonly marks: readonly Omit<Mark, 'row'>[]
}

/** Pixels of a row by kind of lane. */
const ROW: Record<LaneKind, number> = { scenes: 48, chapters: 24, person: 24, keywords: 18, texts: 18, wave: 40, speaker: 24, sound: 24 }
const PADDING = 6
const MAXIMUM_ROWS: Partial<Record<LaneKind, number>> = { keywords: 4, texts: 3 }
const HIT_PIXELS = 3

/** Put marks into rows in which they do not overlap, as far as there are rows. */
export function laneOf(spec: LaneSpec): Lane {
  const limit = MAXIMUM_ROWS[spec.kind] ?? 1
  const rowEnds: number[] = []
  const sorted = [...spec.marks].sort((one, other) => one.start - other.start || other.end - one.end)
  const marks = sorted.map((mark) => {
    let row = rowEnds.findIndex((end) => end <= mark.start)
    if (row < 0) row = rowEnds.length < limit ? rowEnds.length : rowEnds.indexOf(Math.min(...rowEnds))
    rowEnds[row] = Math.max(rowEnds[row] ?? 0, mark.end)
    return { ...mark, row }
  })
  let latest = -Infinity
  const ends = marks.map((mark) => (latest = Math.max(latest, mark.end)))
  const rows = Math.max(1, rowEnds.length)
  const height = rows > 1 || limit > 1 ? rows * ROW[spec.kind] + PADDING : ROW[spec.kind]
  return { id: spec.id, kind: spec.kind, label: spec.label, reason: spec.reason ?? '', height, rows, marks, ends }
}

/** Return the first and the last position but one of the marks that may reach into a view. */
export function visible(lane: Lane, view: View): readonly [number, number] {
  const from = countBelow(lane.ends, (end) => end < view.start)
  return [from, Math.max(from, countBelow(lane.marks, (mark) => mark.start <= view.end))]
}

/** Top of each lane, and the height of all as the last number. */
export function topsOf(lanes: readonly Lane[]): readonly number[] {
  const tops = [0]
  for (const lane of lanes) tops.push((tops.at(-1) ?? 0) + lane.height)
  return tops
}

/** Return the position of the lane at a height, or -1. */
export function laneAt(tops: readonly number[], y: number): number {
  const place = countBelow(tops, (top) => top <= y) - 1
  return place >= 0 && place < tops.length - 1 ? place : -1
}

/** Place of a row in its lane. */
export function rowOf(lane: Lane, row: number): { readonly top: number; readonly height: number } {
  if (lane.rows === 1 && !MAXIMUM_ROWS[lane.kind]) return { top: PADDING / 2, height: lane.height - PADDING }
  const height = ROW[lane.kind]
  return { top: PADDING / 2 + row * height + 1, height: height - 2 }
}

/** Return the mark at a point of a lane, or `undefined`. Of marks that overlap it is the one that starts last. */
export function hit(lane: Lane, view: View, width: number, x: number, y: number): Mark | undefined {
  const [from, to] = visible(lane, view)
  for (let place = to - 1; place >= from; place--) {
    const mark = lane.marks[place] as Mark
    const { top, height } = rowOf(lane, mark.row)
    if (y < top - 1 || y > top + height + 1) continue
    const left = xOf(view, width, mark.start)
    const right = Math.max(xOf(view, width, mark.end), left + 1)
    if (x >= left - HIT_PIXELS && x <= right + HIT_PIXELS) return mark
  }
  return undefined
}
