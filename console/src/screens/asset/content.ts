import type { Index, Scene, Script } from '../../api/types'

export interface Span {
  readonly startTimeMs: number
  readonly endTimeMs: number
}

export interface Seen extends Span {
  readonly sceneId: number
  readonly confidence: number
}

/** Person with all times at which the person is visible. */
export interface PersonSeen {
  readonly personId: number
  readonly name: string | null
  readonly thumbnailUrl: string | null
  readonly seen: readonly Seen[]
  readonly totalMs: number
}

/** Keyword, text or sound with all its times. */
export interface Finding {
  readonly id: string
  readonly label: string
  readonly category: string
  readonly confidence: number
  readonly spans: readonly Span[]
}

/** Content of an index over the whole film, where the index has it scene by scene. All lists are in order of time. */
export interface Content {
  readonly durationMs: number
  readonly scenes: readonly Scene[]
  readonly shots: readonly Scene['shots'][number][]
  readonly lines: readonly Script[]
  readonly speakers: readonly string[]
  readonly persons: readonly PersonSeen[]
  readonly keywords: readonly Finding[]
  readonly texts: readonly Finding[]
  readonly sounds: readonly Finding[]
}

export const NOTHING: Content = {
  durationMs: 0,
  scenes: [],
  shots: [],
  lines: [],
  speakers: [],
  persons: [],
  keywords: [],
  texts: [],
  sounds: [],
}

const byTime = (one: Span, other: Span): number => one.startTimeMs - other.startTimeMs || one.endTimeMs - other.endTimeMs

export function contentOf(index: Index): Content {
  const { scenes } = index
  const lines = scenes.flatMap((scene) => scene.scripts).sort(byTime)
  return {
    durationMs: scenes.at(-1)?.endTimeMs ?? 0,
    scenes,
    shots: scenes.flatMap((scene) => scene.shots),
    lines,
    speakers: [...new Set(lines.map((line) => line.speaker))],
    persons: personsOf(scenes),
    keywords: findings(
      scenes.flatMap((scene) =>
        scene.keywords.map((one) => ({ label: one.keyword, category: one.category, confidence: one.confidence, spans: one.appearances })),
      ),
    ),
    texts: findings(
      scenes.flatMap((scene) =>
        scene.texts.map((one) => ({ label: one.text, category: '', confidence: one.confidence, spans: [one] })),
      ),
    ),
    sounds: findings(
      scenes.flatMap((scene) =>
        scene.audioEffects.map((one) => ({ label: one.type, category: '', confidence: one.confidence, spans: [one] })),
      ),
    ),
  }
}

function personsOf(scenes: readonly Scene[]): PersonSeen[] {
  const found = new Map<number, { name: string | null; thumbnailUrl: string | null; seen: Seen[] }>()
  for (const scene of scenes) {
    for (const person of scene.persons) {
      let one = found.get(person.personId)
      if (!one) found.set(person.personId, (one = { name: person.name ?? null, thumbnailUrl: person.thumbnailUrl ?? null, seen: [] }))
      one.seen.push(...person.appearances.map((seen) => ({ ...seen, sceneId: scene.sceneId })))
    }
  }
  return [...found]
    .map(([personId, one]) => ({ personId, ...one, seen: one.seen.sort(byTime), totalMs: lengthOf(one.seen) }))
    .sort((one, other) => Number(other.name !== null) - Number(one.name !== null) || other.totalMs - one.totalMs)
}

/** Join findings of the same label and category. Those that are seen longest come first. */
function findings(parts: readonly (Omit<Finding, 'id'> & { readonly spans: readonly Span[] })[]): Finding[] {
  const found = new Map<string, { label: string; category: string; confidence: number; spans: Span[] }>()
  for (const part of parts) {
    const id = `${part.category}\n${part.label}`
    const one = found.get(id)
    if (one) {
      one.spans.push(...part.spans)
      one.confidence = Math.max(one.confidence, part.confidence)
    } else found.set(id, { ...part, spans: [...part.spans] })
  }
  return [...found].map(([id, one]) => ({ id, ...one, spans: joined(one.spans.sort(byTime)) }))
}

/** Join spans that touch, such as those of one keyword in scenes that follow one another. */
function joined(spans: readonly Span[]): Span[] {
  const whole: Span[] = []
  for (const { startTimeMs, endTimeMs } of spans) {
    const last = whole.at(-1)
    if (last && startTimeMs <= last.endTimeMs) {
      whole[whole.length - 1] = { startTimeMs: last.startTimeMs, endTimeMs: Math.max(last.endTimeMs, endTimeMs) }
    } else whole.push({ startTimeMs, endTimeMs })
  }
  return whole
}

export function lengthOf(spans: readonly Span[]): number {
  return joined([...spans].sort(byTime)).reduce((sum, one) => sum + one.endTimeMs - one.startTimeMs, 0)
}

/** Return appearances by the scene that they are in, in order. */
export function byScene(seen: readonly Seen[]): (readonly [number, readonly Seen[]])[] {
  const scenes = new Map<number, Seen[]>()
  for (const one of seen) {
    const others = scenes.get(one.sceneId)
    if (others) others.push(one)
    else scenes.set(one.sceneId, [one])
  }
  return [...scenes]
}
