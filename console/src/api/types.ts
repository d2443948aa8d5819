import type { components } from './schema'

type Schemas = components['schemas']

export type Analysis = Schemas['AnalysisStatusObject']
export type Asset = Schemas['AssetObject']
export type AssetState = Schemas['AssetStateObject']
export type AuditEvent = Schemas['AuditEventObject']
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
export type Project = Schemas['ProjectObject']
export type ProjectList = Schemas['ProjectList']
export type RequestAnalysis = Schemas['RequestAnalysis']
export type Scene = Schemas['SceneObject']
export type ScenePersons = Schemas['ScenePersonsObject']
export type SceneSearch = Schemas['RequestSearch']
export type Script = Schemas['ScriptObject']
export type SearchResult = Schemas['SearchObject']
export type SourceObjects = Schemas['SourceObjectList']
export type SimilarPersons = Schemas['SimilarPersonsObject']
export type StateCounts = Schemas['StateCountsObject']
export type Statistics = Schemas['StatisticsObject']
export type Suggestion = Schemas['SuggestionObject']
export type UploadOutcome = Schemas['UploadOutcome']
export type UploadPlace = Schemas['UploadPlace']
export type Workspace = Schemas['WorkspaceObject']

/** Identity and rights of the person at the page. */
export interface Session {
  readonly id: number
  readonly userName: string
  readonly accessKey: string
  readonly role: 'manager' | 'viewer'
  readonly workspaces: readonly string[] | null
  readonly createdTime: string
  readonly expiresTime: string
  /** IANA name of the zone of the times of the API. */
  readonly timeZone: string
}

/** A session of the same access key. */
export interface ListedSession {
  readonly id: number
  readonly createdTime: string
  readonly expiresTime: string
  readonly seenTime: string
  readonly userAgent: string | null
  readonly current: boolean
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

/** A page of a list. */
export interface Page<T> {
  readonly content: readonly T[]
  readonly totalCount: number
  readonly totalPage: number
  readonly pageNo: number
  readonly pageSize: number
}

/** Picture of small stills in rows, in order of time. */
export interface Strip {
  readonly url: string
  readonly columns: number
  readonly rows: number
  readonly tileWidth: number
  readonly tileHeight: number
  readonly timesMs: readonly number[]
}

/** Loudness of the sound over time, 0 to 255. */
export interface Waveform {
  readonly peaksPerSecond: number
  readonly peaks: readonly number[]
}

/** Version of a file that browsers play. */
export interface Proxy {
  readonly status: 'WAITING' | 'RUNNING' | 'READY' | 'FAILED'
  readonly reason?: string | null
  readonly progressPercent: number
}

/** How an asset plays in browsers. */
export interface Playback {
  readonly source: 'ORIGINAL' | 'PROXY' | 'NONE'
  readonly status: 'READY' | 'NEEDED' | 'WAITING' | 'RUNNING' | 'FAILED'
  readonly reason?: string | null
  readonly mediaUrl?: string | null
  readonly contentType?: string | null
  readonly durationMs: number
  readonly frameRate?: string | null
  readonly startTimecode?: string | null
  readonly width?: number | null
  readonly height?: number | null
  readonly hasSound: boolean
  readonly proxy?: Proxy | null
  readonly strip?: Strip | null
  readonly waveform?: Waveform | null
}
