import { frameAt } from './times'

/** Frames after which timecodes begin again, and numbers that drop-frame timecodes leave out each minute but every tenth. */
function counting(nominal: number, isDrop: boolean): { dropped: number; day: number } {
  const dropped = isDrop ? Math.floor(nominal / 15) : 0
  return { dropped, day: 24 * 3600 * nominal - dropped * (24 * 60 - 24 * 6) }
}

/**
 * Return the timecode of a film at a time, counted on from that of its first frame, or `null` if that is none.
 *
 * @param rate frames per second
 * @param first timecode of the first frame, with `;` before its frames if it drops numbers
 */
export function sourceTimecode(seconds: number, rate: number, first: string): string | null {
  const parts = /^(\d{2}):(\d{2}):(\d{2})([:;])(\d{2,3})$/.exec(first)
  if (!parts) return null
  const [hours = 0, minutes = 0, second = 0, frames = 0] = [parts[1], parts[2], parts[3], parts[5]].map(Number)
  const nominal = Math.round(rate)
  const isDrop = parts[4] === ';' && nominal % 30 === 0
  const { dropped, day } = counting(nominal, isDrop)
  const minute = hours * 60 + minutes
  const start = (minute * 60 + second) * nominal + Math.min(frames, nominal - 1) - dropped * (minute - Math.floor(minute / 10))
  return label((start + frameAt(seconds, rate)) % day, nominal, dropped)
}

function label(frame: number, nominal: number, dropped: number): string {
  const tens = Math.floor(frame / (600 * nominal - 9 * dropped))
  const rest = frame - tens * (600 * nominal - 9 * dropped)
  const minutes = dropped && rest >= dropped ? Math.floor((rest - dropped) / (60 * nominal - dropped)) : 0
  const number = frame + dropped * (9 * tens + minutes)
  const seconds = Math.floor(number / nominal)
  const two = (value: number): string => String(value).padStart(2, '0')
  const clock = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60].map(two).join(':')
  return `${clock}${dropped ? ';' : ':'}${two(number % nominal)}`
}
