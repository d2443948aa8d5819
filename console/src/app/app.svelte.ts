import { createContext } from 'svelte'

import { Connection } from '../api/connection.svelte'
import { ApiError } from '../api/errors'
import { signed, type KeyPair } from '../api/signature'
import type { Session } from '../api/types'
import { Language } from '../i18n/language.svelte'
import { Renewals } from '../lib/renewals'
import { Router } from './router.svelte'

const REFUSALS = ['cancelled', 'expired', 'noGroup', 'unreachable', 'failed', 'tooMany'] as const

/** Reason for which the provider's sign-in ended without a session. */
export interface SignInRefusal {
  readonly reason: (typeof REFUSALS)[number]
  readonly traceId: string
}

/** Return the refusal in the address of the page, and remove it from there. */
function takeRefusal(): SignInRefusal | null {
  const query = new URLSearchParams(location.search)
  const given = query.get('sign-in-refused')
  if (given === null) return null
  history.replaceState(null, '', location.pathname)
  const trace = query.get('trace') ?? ''
  // An address may be anyone's, so only known words and a trace id are shown.
  return { reason: REFUSALS.find((one) => one === given) ?? 'failed', traceId: /^[0-9a-f]{32}$/.test(trace) ? trace : '' }
}

/** What every part of the page uses: place, server, session, language, announcements. */
export class App {
  /** Name of the OpenID provider at which users sign in, or an empty text if there is none. */
  readonly provider: string
  readonly renewals = new Renewals()
  session = $state.raw<Session | null>(null)
  /** Text that a screen reader says next. */
  announcement = $state('')
  /** Refusal of the sign-in at the provider that led here. */
  refusal = $state.raw<SignInRefusal | null>(null)
  /** Address at which the user who has just signed out also signs out of the provider. */
  signedOutOf = $state<string | null>(null)
  /** True if keys without Ctrl are commands, as long as no field has the focus. */
  hasKeys = $state(localStorage.getItem('scenedex.keys') !== 'off')

  constructor(
    readonly router: Router,
    readonly connection: Connection,
    readonly language: Language,
  ) {
    this.provider = document.querySelector<HTMLMetaElement>('meta[name=scenedex-provider]')?.content ?? ''
  }

  static async start(): Promise<App> {
    const refusal = takeRefusal()
    const app = new App(new Router(document.baseURI), new Connection(document.baseURI), await Language.preferred())
    app.refusal = refusal
    await app.#open()
    return app
  }

  get isManager(): boolean {
    return this.session?.role === 'manager'
  }

  /** Say something without moving the focus. */
  announce(text: string): void {
    // The same text twice is said twice.
    this.announcement = text === this.announcement ? `${text}\u00a0` : text
  }

  async signIn(keys: KeyPair): Promise<void> {
    // A proxy may serve the page below a prefix, which the server does not see.
    const headers = await signed('POST', '/console/session', keys, Date.now())
    const { session } = await this.connection.call<{ session: Session }>('POST', 'console/session', { headers })
    this.#signedIn(session)
  }

  /** Address that leads to the provider, and back to this place of the page. */
  get providerAddress(): string {
    const { path, query } = this.router.place
    const to = path.slice(1) + (query.size ? `?${query.toString()}` : '')
    return this.connection.address('console/oidc/start', { to: to || null })
  }

  /** Take over a session that another tab has opened. */
  async signInFromElsewhere(): Promise<void> {
    try {
      const { session } = await this.connection.call<{ session: Session }>('GET', 'console/session')
      this.#signedIn(session)
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
    }
  }

  async signOut(): Promise<void> {
    const done = await this.connection.call<{ providerAddress?: string }>('DELETE', 'console/session')
    this.signedOutOf = done.providerAddress ?? null
    this.session = null
    this.router.go('/')
  }

  keepKeys(on: boolean): void {
    this.hasKeys = on
    localStorage.setItem('scenedex.keys', on ? 'on' : 'off')
  }

  async #open(): Promise<void> {
    const token = new URLSearchParams(location.hash.slice(1)).get('sign-in')
    if (token) {
      history.replaceState(null, '', location.pathname + location.search)
      try {
        const body = { token }
        const { session } = await this.connection.call<{ session: Session }>('POST', 'console/session/link', { body })
        this.#signedIn(session)
        return
      } catch (error) {
        if (!(error instanceof ApiError)) throw error
        // An old link of a browser that is signed in already does no harm.
      }
    }
    await this.signInFromElsewhere()
  }

  #signedIn(session: Session): void {
    this.session = session
    this.refusal = this.signedOutOf = null
    this.connection.isSessionOver = false
  }
}

export const [useApp, provideApp] = createContext<App>()
