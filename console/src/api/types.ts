import type { components } from './schema'

type Schemas = components['schemas']

export type Analysis = Schemas['AnalysisStatusObject']
export type Answer = Schemas['QuestionObject']
export type Asset = Schemas['AssetObject']
export type AssetState = Schemas['AssetStateObject']
export type AuditEvent = Schemas['AuditEventObject']
export type Citation = Schemas['CitationObject']
export type Engine = Schemas['EngineObject']
export type EditedScript = Schemas['EditedScriptObject']
export type Hit = Schemas['HitObject']
export type Import = Schemas['ImportStatusObject']
export type Index = Schemas['IndexObject']
export type IndexList = Schemas['IndexListObject']
export type Job = Schemas['JobObject']
export type Match = Schemas['MatchObject']
export type Person = Schemas['PersonObject']
export type PersonEvent = Schemas['PersonEventObject']
export type Playback = Schemas['PlaybackObject']
export type Project = Schemas['ProjectObject']
export type ProjectList = Schemas['ProjectList']
export type RequestAnalysis = Schemas['RequestAnalysis']
export type Scene = Schemas['SceneObject']
export type SceneSummaries = Schemas['SummariesObject']
export type SceneSummary = Schemas['SceneSummaryObject']
export type ScenePersons = Schemas['ScenePersonsObject']
export type SceneSearch = Schemas['RequestSearch']
export type Script = Schemas['ScriptObject']
export type SearchResult = Schemas['SearchObject']
export type SourceObjects = Schemas['SourceObjectList']
export type SimilarPersons = Schemas['SimilarPersonsObject']
export type StateCounts = Schemas['StateCountsObject']
export type Statistics = Schemas['StatisticsObject']
export type Strip = Schemas['StripObject']
export type SummaryEstimate = Schemas['EstimateObject']
export type SummaryStatus = Schemas['SummaryStatusObject']
export type Suggestion = Schemas['SuggestionObject']
export type UploadOutcome = Schemas['UploadOutcome']
export type UploadPlace = Schemas['UploadPlace']
export type Waveform = Schemas['WaveformObject']
export type Workspace = Schemas['WorkspaceObject']

/** Identity and rights of the person at the page. */
export interface Session {
  readonly id: number
  readonly userName: string
  /** `null` for a user of the OpenID provider. */
  readonly accessKey: string | null
  readonly role: 'manager' | 'viewer'
  readonly workspaces: readonly string[] | null
  readonly createdTime: string
  readonly expiresTime: string
  /** IANA name of the zone of the times of the API. */
  readonly timeZone: string
}

/** A session of the same account. */
export interface ListedSession {
  readonly id: number
  readonly createdTime: string
  readonly expiresTime: string
  readonly seenTime: string
  readonly userAgent: string | null
  readonly current: boolean
}

/** A session of any user. */
export interface UserSession extends ListedSession {
  readonly userName: string
  /** `null` for a user of the OpenID provider. */
  readonly accessKey: string | null
  /** Issuer and subject of a user of the OpenID provider. */
  readonly identity: string | null
  readonly role: 'manager' | 'viewer'
  readonly workspaces: readonly string[] | null
}

/** An access key without its secret. */
export interface AccessKey {
  readonly accessKey: string
  readonly userName: string
  readonly role: 'manager' | 'viewer'
  readonly workspaces: readonly string[] | null
  readonly createdTime: string
  readonly revokedTime: string | null
}

/** The engine of a port, or the reason that none runs. */
export interface UsedEngine {
  readonly port: string
  readonly engine?: string
  readonly reason?: string
  readonly command?: string
  readonly weights?: string
  /** Bytes of the missing weights. */
  readonly size?: number
}

/** Weights that can be downloaded. */
export interface OfferedWeights {
  readonly id: string
  /** Their use, in the words of the catalogue. */
  readonly purpose: string
  readonly licence: string
  readonly page: string
  readonly size: number
  readonly ports: readonly string[]
  readonly here: boolean
  readonly command: string
}

/** A page of a list. */
export interface Page<T> {
  readonly content: readonly T[]
  readonly totalCount: number
  readonly totalPage: number
  readonly pageNo: number
  readonly pageSize: number
}
