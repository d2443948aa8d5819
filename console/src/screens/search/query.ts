import type { SceneSearch } from '../../api/types'

export const LEVELS = ['HIGH', 'MEDIUM', 'LOW'] as const
export type Level = (typeof LEVELS)[number]

/** What a person asks for, as the address of the page has it. */
export interface Question {
  readonly text: string
  /** Key of an uploaded picture. */
  readonly picture: string
  readonly level: Level
  readonly projects: readonly number[]
  readonly type: 'VIDEO' | 'IMAGE' | null
  /** Dates of the analysis, as YYYY-MM-DD. */
  readonly from: string
  readonly to: string
  readonly persons: Conditions<number>
  readonly lines: Conditions<string>
}

/** All, some or none of these are in a scene. */
export interface Conditions<T> {
  readonly must: readonly T[]
  readonly any: readonly T[]
  readonly not: readonly T[]
}

export const CONDITION_KINDS = ['must', 'any', 'not'] as const

/** Read a question from an address. Whatever is no value is left out. */
export function questionOf(query: URLSearchParams): Question {
  const ids = (name: string): number[] => query.getAll(name).map(Number).filter((one) => Number.isInteger(one) && one > 0)
  const texts = (name: string): string[] => query.getAll(name).map((one) => one.trim()).filter(Boolean)
  const date = (name: string): string => (/^\d{4}-\d\d-\d\d$/.test(query.get(name) ?? '') ? (query.get(name) ?? '') : '')
  const type = query.get('type')
  return {
    text: query.get('q')?.trim() ?? '',
    picture: query.get('picture') ?? '',
    level: LEVELS.find((one) => one === query.get('level')) ?? 'MEDIUM',
    projects: ids('project'),
    type: type === 'VIDEO' || type === 'IMAGE' ? type : null,
    from: date('from'),
    to: date('to'),
    persons: { must: ids('person'), any: ids('person-any'), not: ids('person-not') },
    lines: { must: texts('line'), any: texts('line-any'), not: texts('line-not') },
  }
}

/** Write a question into an address. */
export function addressOf(question: Question): URLSearchParams {
  const query = new URLSearchParams()
  const add = (name: string, values: readonly (string | number)[]): void => {
    for (const value of values) if (value !== '') query.append(name, String(value))
  }
  add('q', [question.text])
  add('picture', [question.picture])
  if (question.level !== 'MEDIUM') add('level', [question.level])
  add('project', question.projects)
  add('type', [question.type ?? ''])
  add('from', [question.from])
  add('to', [question.to])
  for (const kind of CONDITION_KINDS) {
    const end = kind === 'must' ? '' : `-${kind}`
    add(`person${end}`, question.persons[kind])
    add(`line${end}`, question.lines[kind])
  }
  return query
}

/** True if there is something to search for. */
export function isAsked(question: Question): boolean {
  const conditions = [question.persons, question.lines].flatMap((one) => [...one.must, ...one.any, ...one.not])
  return Boolean(question.text || question.picture || conditions.length)
}

/** Return the request of a question. Without projects of its own it asks in all of them. */
export function requestOf(question: Question, allProjects: readonly number[]): SceneSearch {
  const { text, picture, persons, lines, type, from, to } = question
  return {
    query: {
      ...(text ? { textQuery: text } : {}),
      ...(picture ? { imageQuery: picture } : {}),
      ...given('personQuery', persons),
      ...given('dialogQuery', lines),
    },
    queryOption: { confidenceLevel: question.level },
    filter: {
      projectIds: question.projects.length ? question.projects : allProjects,
      ...(type ? { assetTypes: [type] } : {}),
      ...(from ? { indexModifiedFrom: `${from}T00:00:00` } : {}),
      ...(to ? { indexModifiedTo: `${to}T23:59:59` } : {}),
    },
  }
}

function given<T>(name: string, conditions: Conditions<T>): Record<string, Partial<Conditions<T>>> {
  const filled = Object.entries(conditions).filter(([, values]) => values.length)
  return filled.length ? { [name]: Object.fromEntries(filled) } : {}
}
