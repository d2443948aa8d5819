import { describe, expect, test } from 'vitest'
import { sourceTimecode } from '../src/lib/sourceTimecode'

const NTSC = 30_000 / 1001

describe('the timecode of a film', () => {
  test.each([
    [0, 25, '10:00:00:00', '10:00:00:00'],
    [1.04, 25, '10:00:00:00', '10:00:01:01'],
    [1, 25, '23:59:59:00', '00:00:00:00'],
    [0, NTSC, '00:59:59;29', '00:59:59;29'],
    [1 / NTSC, NTSC, '00:59:59;29', '01:00:00;00'],
    [1 / NTSC, NTSC, '00:58:59;29', '00:59:00;02'],
    [1 / NTSC, NTSC, '00:58:59:29', '00:59:00:00'],
    [3600, NTSC, '01:00:00;00', '02:00:00;00'],
    [1 / (2 * NTSC), 2 * NTSC, '00:58:59;59', '00:59:00;04'],
  ])('at %d s with %d frames a second from %s', (seconds, rate, first, found) => {
    expect(sourceTimecode(seconds, rate, first)).toBe(found)
  })

  test.each(['', '10:00:00', '1:00:00:00', 'film'])('is not known from %j', (first) => {
    expect(sourceTimecode(1, 25, first)).toBeNull()
  })
})
