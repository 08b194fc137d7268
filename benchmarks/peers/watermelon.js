// WatermelonDB on better-sqlite3: `node watermelon.js serve RECORDS` and `node watermelon.js pull|push URL FOLDER [ATTEMPTS]`.
// The server gives everything in one answer from memory, made before anybody asks; what is pushed it writes in one
// transaction into a SQLite file of its own. The client is WatermelonDB's own synchronize(), as its documentation shows it.
'use strict'
const fs = require('fs')
const http = require('http')
const path = require('path')

const TEXT = ['project_id', 'person_id', 'status', 'shown_name', 'name_fold', 'promise_id', 'promise_from', 'promise_to',
  'not_before', 'last_outcome', 'last_at', 'bands', 'body']
const NUMBERS = ['ver', 'promise_mine', 'counted', 'priority', 'seed', 'parked', 'pending']
const FOUND_BY = ['status', 'person_id', 'promise_from', 'not_before', 'last_at']
const ATTEMPT = ['case_id', 'kind', 'occurred_at', 'data']

function lines (file) {
  return fs.readFileSync(file, 'utf8').split('\n').filter(Boolean)
}

function serve (records, folder) {
  const rows = lines(records).join(',')
  const all = Buffer.from(`{"changes":{"cases":{"created":[${rows}],"updated":[],"deleted":[]}},"timestamp":1000}`)
  const none = Buffer.from('{"changes":{},"timestamp":2000}')
  const kept = new (require('better-sqlite3'))(path.join(folder, 'pushed.db'))
  kept.pragma('journal_mode = WAL')
  kept.pragma('synchronous = FULL')
  kept.exec('CREATE TABLE attempts (id TEXT PRIMARY KEY, body TEXT NOT NULL)')
  const add = kept.prepare('INSERT INTO attempts(id, body) VALUES (?, ?)')
  const write = kept.transaction((made) => made.forEach((one) => add.run(one.id, JSON.stringify(one))))
  const server = http.createServer((request, response) => {
    const say = (body) => response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': body.length }).end(body)
    if (request.method === 'GET') return say(request.url.includes('since=') ? none : all)
    const parts = []
    request.on('data', (part) => parts.push(part)).on('end', () => {
      write(JSON.parse(Buffer.concat(parts)).attempts.created)
      say(Buffer.from('{}'))
    })
  })
  server.listen(0, '127.0.0.1', () => console.log(server.address().port))
  process.stdin.resume().on('end', () => process.exit(0))
}

function open (file) {
  const { Database, Model, appSchema, tableSchema } = require('@nozbe/watermelondb')
  const SQLiteAdapter = require('@nozbe/watermelondb/adapters/sqlite').default
  const column = (type, optional) => (name) => ({ name, type, isOptional: optional, isIndexed: FOUND_BY.includes(name) })
  class Case extends Model {}
  Case.table = 'cases'
  class Attempt extends Model {}
  Attempt.table = 'attempts'
  const schema = appSchema({
    version: 1,
    tables: [
      tableSchema({ name: 'cases', columns: [...TEXT.map(column('string', true)), ...NUMBERS.map(column('number', false))] }),
      tableSchema({ name: 'attempts', columns: ATTEMPT.map(column('string', true)) })
    ]
  })
  const adapter = new SQLiteAdapter({ dbName: file, schema, jsi: false })
  return new Database({ adapter, modelClasses: [Case, Attempt] })
}

async function synchronise (database, url) {
  const { synchronize } = require('@nozbe/watermelondb/sync')
  await synchronize({
    database,
    sendCreatedAsUpdated: false,
    pullChanges: async ({ lastPulledAt }) => {
      const answer = await fetch(lastPulledAt ? `${url}/pull?since=${lastPulledAt}` : `${url}/pull`)
      if (!answer.ok) throw new Error(`pull: ${answer.status}`)
      return answer.json()
    },
    pushChanges: async ({ changes }) => {
      const answer = await fetch(`${url}/push`, { method: 'POST', body: JSON.stringify(changes) })
      if (!answer.ok) throw new Error(`push: ${answer.status}`)
    }
  })
}

async function timed (work) {
  const start = performance.now()
  await work()
  return (performance.now() - start) / 1000
}

async function pull (url, folder) {
  const database = open(path.join(folder, 'pulled'))
  await database.collections.get('cases').query().fetchCount() // the file is open and its tables are made
  const seconds = await timed(() => synchronise(database, url))
  return { seconds, count: await database.collections.get('cases').query().fetchCount() }
}

async function push (url, folder, file) {
  const database = open(path.join(folder, 'pushed-from'))
  await synchronise(database, url)
  const attempts = database.collections.get('attempts')
  await database.write(() => database.batch(...lines(file).map((line) => attempts.prepareCreate((row) => {
    const { id, ...rest } = JSON.parse(line)
    Object.assign(row._raw, { id, ...rest })
  }))))
  const seconds = await timed(() => synchronise(database, url))
  const { hasUnsyncedChanges } = require('@nozbe/watermelondb/sync')
  if (await hasUnsyncedChanges({ database })) throw new Error('not everything was sent')
  return { seconds, count: await attempts.query().fetchCount() }
}

const [what, ...given] = process.argv.slice(2)
if (what === 'serve') serve(...given)
else ({ pull, push })[what](...given).then((found) => { console.log(JSON.stringify(found)); process.exit(0) })
