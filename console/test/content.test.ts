import { expect, test } from 'vitest'

import type { Index, Scene } from '../src/api/types'
import { contentOf } from '../src/screens/asset/content'
import { neighbour, nextSpan } from '../src/screens/asset/spans'
import { lanesOf } from '../src/screens/asset/timeline'
import type { Language } from '../src/i18n/language.svelte'

const span = (startTimeMs: number, endTimeMs: number) => ({ startTimeMs, endTimeMs })

function scene(sceneId: number, start: number, end: number, more: Partial<Scene>): Scene {
  return {
    ...{ sceneId, keyframeUrl: '', keywords: [], persons: [], scripts: [], texts: [], audioEffects: [] },
    ...{ ...span(start, end), shots: [{ ...span(start, end), shotId: sceneId, keyframeUrl: '' }], ...more },
  }
}

const seen = (start: number, end: number) => ({ ...span(start, end), confidence: 0.9 })
const keyword = (name: string, start: number, end: number, confidence = 0.5) => ({
  ...{ keyword: name, category: 'OBJECT', confidence },
  appearances: [span(start, end)],
})
const index = {
  scenes: [
    scene(1, 0, 10_000, {
      persons: [{ personId: 7, appearances: [seen(1000, 2000)] }, { personId: 8, appearances: [seen(0, 9000)] }],
      keywords: [keyword('boat', 4000, 10_000), keyword('car', 0, 1000)],
    }),
    scene(2, 10_000, 20_000, {
      persons: [{ personId: 7, appearances: [seen(11_000, 12_000)] }, { personId: 9, name: 'Ann', appearances: [seen(19_000, 19_500)] }],
      keywords: [keyword('boat', 10_000, 11_000, 0.8)],
    }),
  ],
} as unknown as Index

test('findings of all scenes are joined, and named persons come first', () => {
  const content = contentOf(index)
  expect(content.durationMs).toBe(20_000)
  expect(content.persons.map((one) => [one.personId, one.totalMs])).toEqual([[9, 500], [8, 9000], [7, 2000]])
  expect(content.persons[2]?.seen.map((one) => one.sceneId)).toEqual([1, 2])
  expect(content.keywords.map((one) => [one.label, one.confidence, one.spans])).toEqual([
    ['boat', 0.8, [span(4000, 11_000)]],
    ['car', 0.5, [span(0, 1000)]],
  ])
})

test('the next time of a finding is the one after now, or the first again', () => {
  const spans = [span(0, 10), span(500, 600)]
  expect(nextSpan(spans, 0)?.startTimeMs).toBe(500)
  expect(nextSpan(spans, 500)?.startTimeMs).toBe(0)
  expect(nextSpan([], 0)).toBeUndefined()
})

test('going back leads to the start of a scene, and from there to the one before', () => {
  const spans = [span(0, 5000), span(5000, 9000)]
  expect(neighbour(spans, 8000, -1)).toBe(5000)
  expect(neighbour(spans, 5100, -1)).toBe(0)
  expect(neighbour(spans, 0, 1)).toBe(5000)
  expect(neighbour(spans, 6000, 1)).toBeUndefined()
})

test('scenes with a summary are a lane below the scenes, and without any there is none', () => {
  const language = { t: (key: string) => key, named: (_: string, name: string) => name } as unknown as Language
  const told = { scenes: [scene(1, 0, 10_000, { summary: 'Ann sails.' }), scene(2, 10_000, 20_000, {})] } as unknown as Index
  const lanes = lanesOf(contentOf(told), [], language, false)
  expect(lanes.map((lane) => lane.id).slice(0, 2)).toEqual(['scenes', 'chapters'])
  expect(lanes[1]?.marks.map((mark) => [mark.start, mark.end, mark.label])).toEqual([[0, 10_000, 'Ann sails.']])
  expect(lanesOf(contentOf(index), [], language, false).map((lane) => lane.id)).not.toContain('chapters')
})
