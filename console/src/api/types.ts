import type { components } from './schema'

type Schemas = components['schemas']

export type Analysis = Schemas['AnalysisStatusObject']
export type Asset = Schemas['AssetObject']
export type AssetState = Schemas['AssetStateObject']
export type Engine = Schemas['EngineObject']
export type Hit = Schemas['HitObject']
export type Index = Schemas['IndexObject']
export type IndexList = Schemas['IndexListObject']
export type Job = Schemas['JobObject']
export type Match = Schemas['MatchObject']
export type Person = Schemas['PersonObject']
export type PersonEvent = Schemas['PersonEventObject']
export type Project = Schemas['ProjectObject']
export type ProjectList = Schemas['ProjectList']
export type RequestAnalysis = Schemas['RequestAnalysis']
export type Scene = Schemas['SceneObject']
export type SceneSearch = Schemas['RequestSearch']
export type Script = Schemas['ScriptObject']
export type SearchResult = Schemas['SearchObject']
export type SourceObjects = Schemas['SourceObjectList']
export type SimilarPersons = Schemas['SimilarPersonsObject']
export type StateCounts = Schemas['StateCountsObject']
export type Suggestion = Schemas['SuggestionObject']
export type UploadOutcome = Schemas['UploadOutcome']
export type UploadPlace = Schemas['UploadPlace']
export type Workspace = Schemas['WorkspaceObject']

/** Identity and rights of the person at the page. */
export interface Session {
  readonly id: string
  readonly userName: string
  readonly accessKey: string
  readonly role: 'manager' | 'viewer'
  readonly workspaces: readonly string[] | null
  readonly createdTime: string
  readonly expiresTime: string
}

/** A page of a list. */
export interface Page<T> {
  readonly content: readonly T[]
  readonly totalCount: number
  readonly totalPage: number
  readonly pageNo: number
  readonly pageSize: number
}
