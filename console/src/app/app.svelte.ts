import { createContext } from 'svelte'

import { Connection } from '../api/connection.svelte'
import { ApiError } from '../api/errors'
import { signed, type KeyPair } from '../api/signature'
import type { Session } from '../api/types'
import { Language } from '../i18n/language.svelte'
import { Router } from './router.svelte'

/** What every part of the page uses: place, server, session, language, announcements. */
export class App {
  session = $state.raw<Session | null>(null)
  /** Text that a screen reader says next. */
  announcement = $state('')
  /** True if keys without Ctrl are commands, as long as no field has the focus. */
  hasKeys = $state(localStorage.getItem('scenedex.keys') !== 'off')

  constructor(
    readonly router: Router,
    readonly connection: Connection,
    readonly language: Language,
  ) {}

  static async start(): Promise<App> {
    const app = new App(new Router(document.baseURI), new Connection(document.baseURI), await Language.preferred())
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

  async signOut(): Promise<void> {
    await this.connection.call('DELETE', 'console/session')
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
    try {
      const { session } = await this.connection.call<{ session: Session }>('GET', 'console/session')
      this.#signedIn(session)
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
    }
  }

  #signedIn(session: Session): void {
    this.session = session
    this.connection.isSessionOver = false
  }
}

export const [useApp, provideApp] = createContext<App>()
