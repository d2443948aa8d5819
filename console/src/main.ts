import { mount } from 'svelte'

import App from './app/App.svelte'
import { App as State } from './app/app.svelte'
import './style/tokens.css'
import './style/base.css'

const target = document.getElementById('app')
if (!target) throw new Error('The page has no element for the console.')
mount(App, { target, props: { state: await State.start() } })
