import ask from './ko/ask.json'
import asset from './ko/asset.json'
import assets from './ko/assets.json'
import common from './ko/common.json'
import jobs from './ko/jobs.json'
import persons from './ko/persons.json'
import search from './ko/search.json'
import settings from './ko/settings.json'
import statistics from './ko/statistics.json'

export default { ...common, ...ask, ...assets, ...asset, ...search, ...persons, ...jobs, ...statistics, ...settings }
