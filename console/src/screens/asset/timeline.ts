import type { Engine } from '../../api/types'
import type { Language } from '../../i18n/language.svelte'
import { laneOf, type Lane, type LaneKind } from '../../timeline/lanes'
import type { Content, Finding, Span } from './content'
import { reasonsOf } from './stages'

const MANY_PERSONS = 8

const marksOf = (spans: readonly Span[], label: string) =>
  spans.map((span) => ({ start: span.startTimeMs, end: span.endTimeMs, label }))

/** Return the lanes of an index, from scenes to sounds. A lane of a stage that was not analysed has the reason. */
export function lanesOf(content: Content, engines: readonly Engine[], language: Language, hasWaveform: boolean): Lane[] {
  const { t } = language
  const lanes: Lane[] = []

  function missing(kind: LaneKind, label: string, stages: readonly string[]): void {
    const [first] = reasonsOf(engines, stages)
    if (first) lanes.push(laneOf({ id: `missing-${kind}`, kind, label, reason: first.reason, marks: [] }))
  }
  function together(kind: LaneKind, label: string, findings: readonly Finding[], stages: readonly string[]): void {
    if (!findings.length) return missing(kind, label, stages)
    const marks = findings.flatMap((finding) => marksOf(finding.spans, finding.label))
    lanes.push(laneOf({ id: kind, kind, label, marks }))
  }

  const scenes = content.scenes.map((scene) => ({ start: scene.startTimeMs, end: scene.endTimeMs, label: String(scene.sceneId) }))
  if (scenes.length) lanes.push(laneOf({ id: 'scenes', kind: 'scenes', label: t('asset.scenes'), marks: scenes }))
  const chapters = content.scenes.flatMap((scene) =>
    scene.summary ? [{ start: scene.startTimeMs, end: scene.endTimeMs, label: scene.summary }] : [],
  )
  if (chapters.length) lanes.push(laneOf({ id: 'chapters', kind: 'chapters', label: t('asset.chapters'), marks: chapters }))
  const persons = content.persons.map((person) => {
    const label = person.name ?? t('asset.unnamed', { id: String(person.personId) })
    return laneOf({ id: `person-${person.personId}`, kind: 'person', label, marks: marksOf(person.seen, label) })
  })
  // Many persons come last, where they hide no other lane.
  const areMany = persons.length > MANY_PERSONS
  if (!areMany) lanes.push(...persons)
  if (!persons.length) missing('person', t('asset.persons'), ['faces'])
  together('keywords', t('asset.keywords'), content.keywords, ['keywords', 'labels', 'objects'])
  together('texts', t('asset.tab.text'), content.texts, ['text', 'korean'])
  if (hasWaveform) lanes.push(laneOf({ id: 'wave', kind: 'wave', label: t('asset.waveform'), marks: [] }))
  for (const speaker of content.speakers) {
    const lines = content.lines.filter((line) => line.speaker === speaker)
    const marks = lines.map((line) => ({ start: line.startTimeMs, end: line.endTimeMs, label: line.text }))
    lanes.push(laneOf({ id: `speaker-${speaker}`, kind: 'speaker', label: speaker, marks }))
  }
  if (!content.speakers.length) missing('speaker', t('asset.speech'), ['speech', 'voice'])
  for (const sound of content.sounds) {
    const label = language.named('asset.sound', sound.label)
    lanes.push(laneOf({ id: `sound-${sound.label}`, kind: 'sound', label, marks: marksOf(sound.spans, label) }))
  }
  if (!content.sounds.length) missing('sound', t('asset.sounds'), ['sounds', 'music'])
  if (areMany) lanes.push(...persons)
  return lanes
}
