import { expect, test } from 'vitest'

import { boxBetween, shownAt } from '../src/player/cutout'

const SHOWN = shownAt({ width: 1000, height: 400 }, { width: 1280, height: 720 })

test('a picture is in the middle of its frame', () => {
  expect(SHOWN.height).toBe(400)
  expect(SHOWN.left * 2 + SHOWN.width).toBeCloseTo(1000)
  expect(shownAt({ width: 320, height: 480 }, { width: 1280, height: 720 }).top).toBe(150)
})

test('a box is a part of the picture, whichever corner comes first', () => {
  const right = SHOWN.left + SHOWN.width
  const box = boxBetween(SHOWN, [right - SHOWN.width / 2, 400], [right, 200])
  expect(box?.left).toBeCloseTo(0.5)
  expect(box).toMatchObject({ top: 0.5, height: 0.5 })
  expect(boxBetween(SHOWN, [-50, -50], [2000, 2000])).toEqual({ left: 0, top: 0, width: 1, height: 1 })
})

test('a click is no box', () => {
  expect(boxBetween(SHOWN, [500, 200], [503, 290])).toBeNull()
  expect(boxBetween(SHOWN, [0, 0], [10, 390])).toBeNull()
})
