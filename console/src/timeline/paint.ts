import type { Strip, Waveform } from '../api/types'
import { clock } from '../lib/times'
import { countBelow } from '../lib/sorted'
import type { Palette } from './canvas'
import { ticks, timeOf, xOf, type View } from './axis'
import { rowOf, visible, type Lane, type Mark } from './lanes'

export interface Scenery {
  readonly view: View
  readonly width: number
  readonly height: number
  /** Pixels above the first that is shown. */
  readonly scrolled: number
  readonly lanes: readonly Lane[]
  readonly tops: readonly number[]
  readonly cuts: readonly number[]
  readonly range: View | null
  readonly waveform: Waveform | null
  readonly strip: Strip | null
  readonly stripImage: CanvasImageSource | null
  /** Return the keyframe of a scene once it is loaded. */
  readonly keyframe: (scene: number) => CanvasImageSource | null
}

const LABEL_PIXELS = 28
const TEXT_PADDING = 5
const CUT_PIXELS = 4

/** Draw the ruler with its times. */
export function paintRuler(context: CanvasRenderingContext2D, palette: Palette, view: View, width: number, height: number): void {
  context.clearRect(0, 0, width, height)
  context.font = palette.font
  context.textBaseline = 'middle'
  const { step, times } = ticks(view, width, 76)
  const fraction = step < 1000 ? (step % 100 ? 2 : 1) : 0
  for (const time of times) {
    const x = Math.round(xOf(view, width, time)) + 0.5
    context.strokeStyle = palette.line
    context.beginPath()
    context.moveTo(x, height - 8)
    context.lineTo(x, height)
    context.stroke()
    context.fillStyle = palette.soft
    context.fillText(clock(time, { fraction }), x + 4, height / 2)
  }
}

/** Draw the lanes that are in sight, and of each the marks that are. */
export function paintLanes(context: CanvasRenderingContext2D, palette: Palette, scenery: Scenery): void {
  const { view, width, height, scrolled, lanes, tops } = scenery
  context.clearRect(0, 0, width, height)
  context.font = palette.font
  context.textBaseline = 'middle'
  if (scenery.range) {
    const left = xOf(view, width, scenery.range.start)
    context.fillStyle = palette.selected
    context.fillRect(left, 0, xOf(view, width, scenery.range.end) - left, height)
  }
  for (let place = Math.max(0, countBelow(tops, (top) => top <= scrolled) - 1); place < lanes.length; place++) {
    const lane = lanes[place] as Lane
    const top = (tops[place] ?? 0) - scrolled
    if (top > height) break
    context.fillStyle = palette.line
    context.fillRect(0, Math.round(top + lane.height) - 1, width, 1)
    context.save()
    context.translate(0, top)
    if (lane.kind === 'wave') paintWave(context, palette, lane, scenery)
    else if (lane.kind === 'scenes') paintScenes(context, palette, lane, scenery)
    else paintMarks(context, palette, lane, scenery)
    context.restore()
  }
}

function paintMarks(context: CanvasRenderingContext2D, palette: Palette, lane: Lane, { view, width }: Scenery): void {
  const [from, to] = visible(lane, view)
  const colour = palette.kinds[lane.kind]
  const drawn: number[] = []
  for (let place = from; place < to; place++) {
    const mark = lane.marks[place] as Mark
    const left = Math.max(-1, xOf(view, width, mark.start))
    const right = Math.min(width + 1, Math.max(xOf(view, width, mark.end), left + 1.5))
    // Marks within one pixel are one.
    if (right <= (drawn[mark.row] ?? -Infinity)) continue
    drawn[mark.row] = right
    const { top, height } = rowOf(lane, mark.row)
    context.fillStyle = colour
    context.globalAlpha = 0.32
    context.fillRect(left, top, right - left, height)
    context.globalAlpha = 1
    context.fillRect(left, top, Math.min(2, right - left), height)
    if (right - left > LABEL_PIXELS) write(context, palette.ink, mark.label, left, top + height / 2, right - left)
  }
}

function paintScenes(context: CanvasRenderingContext2D, palette: Palette, lane: Lane, scenery: Scenery): void {
  const { view, width, cuts } = scenery
  const { top, height } = rowOf(lane, 0)
  const [from, to] = visible(lane, view)
  if (scenery.strip && scenery.stripImage) paintStrip(context, scenery.strip, scenery.stripImage, top, height, scenery)
  let drawn = -Infinity
  for (let place = from; place < to; place++) {
    const mark = lane.marks[place] as Mark
    const left = xOf(view, width, mark.start)
    const right = xOf(view, width, mark.end)
    if (!scenery.stripImage) {
      context.fillStyle = palette.kinds.scenes
      context.globalAlpha = place % 2 ? 0.3 : 0.5
      context.fillRect(left, top, right - left, height)
      context.globalAlpha = 1
      const picture = right - left > LABEL_PIXELS ? scenery.keyframe(place) : null
      if (picture) paintKeyframe(context, picture, left, right, top, height)
    }
    if (left - drawn < CUT_PIXELS) continue
    drawn = left
    context.fillStyle = palette.canvas
    context.fillRect(Math.round(left) - 1, top, 2, height)
    if (right - left > LABEL_PIXELS) {
      const text = mark.label
      const textWidth = Math.min(context.measureText(text).width + 2 * TEXT_PADDING, right - left - 2)
      context.fillStyle = palette.canvas
      context.fillRect(left + 1, top, textWidth, 16)
      write(context, palette.ink, text, left + 1, top + 8, textWidth)
    }
  }
  context.fillStyle = palette.ink
  drawn = -Infinity
  for (let place = countBelow(cuts, (cut) => cut < view.start); place < cuts.length; place++) {
    const x = xOf(view, width, cuts[place] ?? 0)
    if (x > width) break
    if (x - drawn < CUT_PIXELS) continue
    drawn = x
    context.fillRect(Math.round(x), top + height - 6, 1, 6)
  }
}

/** Draw stills side by side, each that of the time in its middle. */
function paintStrip(
  context: CanvasRenderingContext2D,
  strip: Strip,
  image: CanvasImageSource,
  top: number,
  height: number,
  { view, width }: Scenery,
): void {
  const tile = (strip.tileWidth / strip.tileHeight) * height
  // The tiles stay where they are in the film while it is moved below the window.
  const first = Math.floor((view.start / (view.end - view.start)) * width / tile)
  const offset = first * tile - (view.start / (view.end - view.start)) * width
  const last = xOf(view, width, strip.timesMs.at(-1) ?? 0) + tile
  for (let x = offset; x < Math.min(width, last); x += tile) {
    const place = stillAt(strip, timeOf(view, width, x + tile / 2))
    const [left, upper] = [(place % strip.columns) * strip.tileWidth, Math.floor(place / strip.columns) * strip.tileHeight]
    context.drawImage(image, left, upper, strip.tileWidth, strip.tileHeight, x, top, tile, height)
  }
}

/** Return the place of the still nearest to a time. */
export function stillAt(strip: Strip, time: number): number {
  const after = countBelow(strip.timesMs, (one) => one <= time)
  const before = Math.max(0, after - 1)
  const next = strip.timesMs[after]
  return next !== undefined && next - time < time - (strip.timesMs[before] ?? 0) ? after : before
}

function paintKeyframe(
  context: CanvasRenderingContext2D,
  picture: CanvasImageSource,
  left: number,
  right: number,
  top: number,
  height: number,
): void {
  const [ownWidth, ownHeight] =
    picture instanceof HTMLImageElement ? [picture.naturalWidth, picture.naturalHeight] : [16, 9]
  const full = (ownWidth / ownHeight) * height
  const shown = Math.min(full, right - left - 1)
  context.drawImage(picture, 0, 0, (shown / full) * ownWidth, ownHeight, left, top, shown, height)
}

function paintWave(context: CanvasRenderingContext2D, palette: Palette, lane: Lane, scenery: Scenery): void {
  const { waveform, view, width } = scenery
  if (!waveform) return
  const { top, height } = rowOf(lane, 0)
  const middle = top + height / 2
  const perPixel = ((view.end - view.start) / 1000 / width) * waveform.peaksPerSecond
  const start = (view.start / 1000) * waveform.peaksPerSecond
  context.fillStyle = palette.kinds.wave
  for (let x = 0; x < width; x++) {
    const from = Math.floor(start + x * perPixel)
    const to = Math.max(from + 1, Math.floor(start + (x + 1) * perPixel))
    if (from >= waveform.peaks.length) break
    let peak = 0
    for (let place = from; place < to; place++) peak = Math.max(peak, waveform.peaks[place] ?? 0)
    const half = Math.max(0.5, (peak / 255) * (height / 2))
    context.fillRect(x, middle - half, 1, 2 * half)
  }
}

/** Write a text into the room that it has. */
function write(context: CanvasRenderingContext2D, colour: string, text: string, left: number, middle: number, width: number): void {
  const x = Math.max(left, 0) + TEXT_PADDING
  const room = left + width - x - 2
  if (room < 8) return
  context.fillStyle = colour
  context.fillText(fitted(context, text, room), x, middle)
}

function fitted(context: CanvasRenderingContext2D, text: string, room: number): string {
  const about = Math.ceil(room / 4)
  const cut = text.length > about ? text.slice(0, about) : text
  if (cut === text && context.measureText(text).width <= room) return text
  let length = cut.length
  while (length > 0 && context.measureText(`${cut.slice(0, length)}…`).width > room) length--
  return length ? `${cut.slice(0, length)}…` : ''
}
