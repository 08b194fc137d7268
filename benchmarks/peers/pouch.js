// PouchDB on leveldb at both ends: `node pouch.js serve RECORDS FOLDER` and `node pouch.js pull|push URL FOLDER [ATTEMPTS]`.
// POUCH_BATCHES=own leaves it the batches it takes by itself; with POUCH_DISK=1 every write waits for the disk, as ours do.
// The server is express-pouchdb with what replication needs and nothing else: no log, no accounts, no page for people.
'use strict'
const fs = require('fs')
const path = require('path')
const PouchDB = require('pouchdb-node')

// Its own 100 documents a batch are slower; larger ones gain nothing more.
const REPLICATION = process.env.POUCH_BATCHES === 'own' ? {} : { batch_size: 1000, batches_limit: 10 }

function waitForTheDisk () {
  const kind = require('leveldown').prototype
  for (const name of ['_put', '_del', '_batch']) {
    const plain = kind[name]
    kind[name] = function (...given) {
      given[given.length - 2] = { ...given[given.length - 2], sync: true }
      return plain.apply(this, given)
    }
  }
}

function documents (file) {
  return fs.readFileSync(file, 'utf8').split('\n').filter(Boolean).map((line) => {
    const { id, body, ...columns } = JSON.parse(line)
    return body === undefined ? { _id: id, ...columns } : { _id: id, ...JSON.parse(body) }
  })
}

async function store (database, all) {
  for (let at = 0; at < all.length; at += 2000) {
    const odd = (await database.bulkDocs(all.slice(at, at + 2000))).filter((one) => one.error)
    if (odd.length) throw new Error(JSON.stringify(odd[0]))
  }
}

async function serve (records, folder) {
  const Kept = PouchDB.defaults({ prefix: folder + path.sep })
  await store(new Kept('records'), documents(records))
  const app = require('express')()
  app.use('/', require('express-pouchdb')(Kept, { mode: 'minimumForPouchDB', inMemoryConfig: true }))
  const server = app.listen(0, '127.0.0.1', () => console.log(server.address().port))
  server.keepAliveTimeout = 60000
  process.stdin.resume().on('end', () => process.exit(0))
}

async function timed (work) {
  const start = performance.now()
  const found = await work()
  if (!found.ok || found.doc_write_failures) throw new Error(JSON.stringify(found))
  return (performance.now() - start) / 1000
}

async function pull (url, folder) {
  const database = new PouchDB(path.join(folder, 'pulled'))
  await database.info()
  const seconds = await timed(() => database.replicate.from(`${url}/records`, REPLICATION))
  return { seconds, count: (await database.info()).doc_count }
}

async function push (url, folder, file) {
  const database = new PouchDB(path.join(folder, 'pushed-from'))
  const made = documents(file)
  await store(database, made)
  const there = new PouchDB(`${url}/attempts-${made[0]._id}`)
  await there.info()
  const seconds = await timed(() => database.replicate.to(there, REPLICATION))
  return { seconds, count: (await there.info()).doc_count }
}

if (process.env.POUCH_DISK) waitForTheDisk()
const [what, ...given] = process.argv.slice(2)
if (what === 'serve') serve(...given)
else ({ pull, push })[what](...given).then((found) => { console.log(JSON.stringify(found)); process.exit(0) })
