import { expect, test } from 'vitest'

import { match } from '../src/app/router.svelte'
import { pathOf, screenAt, SCREENS } from '../src/app/screens'

test('a pattern matches paths with as many parts', () => {
  expect(match('/w/:workspace/assets/:id', '/w/my%20films/assets/7')).toEqual({ workspace: 'my films', id: '7' })
  expect(match('/w/:workspace/assets', '/w/films/assets/7')).toBeNull()
  expect(match('/w/:workspace/assets', '/w/%E0%A4%A/assets')).toBeNull()
})

test('the path of each screen leads to that screen', () => {
  for (const { name } of SCREENS) {
    const found = screenAt(pathOf(name, 'a/b', 7))
    expect(found?.name).toBe(name)
    expect(found?.workspace).toBe('a/b')
  }
})
