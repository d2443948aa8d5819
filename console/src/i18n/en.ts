import ask from './en/ask.json'
import asset from './en/asset.json'
import assets from './en/assets.json'
import common from './en/common.json'
import jobs from './en/jobs.json'
import persons from './en/persons.json'
import search from './en/search.json'
import settings from './en/settings.json'
import statistics from './en/statistics.json'

export default { ...common, ...ask, ...assets, ...asset, ...search, ...persons, ...jobs, ...statistics, ...settings }
