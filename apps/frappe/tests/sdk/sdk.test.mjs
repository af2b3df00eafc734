// The npm package frappe-js-sdk, unchanged, against a served site: SITE_URL, and the users of tests/http/conftest.py.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRequire } from 'node:module'

// the package is installed beside a copy of this file, not in the tree
const { FrappeApp } = createRequire(import.meta.url)('frappe-js-sdk')
const url = process.env.SITE_URL
const token = (key) => ({ useToken: true, token: () => `${key}key:${key}secret`, type: 'token' })
const DOCTYPE = 'HP Doc'

/** An app whose cookies are kept, as a browser keeps them. */
function browser() {
  const app = new FrappeApp(url)
  const cookies = new Map()
  app.axios.interceptors.response.use((answer) => {
    for (const cookie of answer.headers['set-cookie'] ?? []) {
      const [name, value] = cookie.split(';')[0].split('=')
      cookies.set(name, value)
    }
    return answer
  })
  app.axios.interceptors.request.use((config) => {
    config.headers.Cookie = [...cookies].map((pair) => pair.join('=')).join('; ')
    return config
  })
  return app
}

test('signs in with a password, says who it is, and out', async () => {
  const app = browser()
  const answer = await app.auth().loginWithUsernamePassword({ username: 'tester@example.com', password: process.env.PASSWORD })
  assert.equal(answer.message, 'Logged In')
  assert.equal(answer.full_name, 'tester')
  assert.equal(await app.auth().getLoggedInUser(), 'tester@example.com')
  await app.auth().logout()
  await assert.rejects(app.auth().getLoggedInUser(), { httpStatus: 403, exc_type: 'PermissionError' })
})

test('refuses a wrong password', async () => {
  const wrong = browser().auth().loginWithUsernamePassword({ username: 'tester@example.com', password: 'guess' })
  await assert.rejects(wrong, { httpStatus: 401, message: 'Invalid login credentials' })
})

test('creates, reads, changes, renames and deletes documents', async () => {
  const db = new FrappeApp(url, token('admin')).db()
  const made = await db.createDoc(DOCTYPE, { title: 'one', kind: 'A', amount: 2.5, rows: [{ item: 'x', qty: 1 }] })
  assert.equal(made.docstatus, 0)
  const read = await db.getDoc(DOCTYPE, made.name)
  assert.deepEqual([read.title, read.amount, read.rows[0].item], ['one', 2.5, 'x'])
  assert.equal((await db.updateDoc(DOCTYPE, made.name, { title: 'two' })).title, 'two')
  assert.equal((await db.setValue(DOCTYPE, made.name, 'kind', 'B')).message.kind, 'B')
  assert.deepEqual(await db.getValue(DOCTYPE, ['title', 'kind'], [['name', '=', made.name]]), { message: { title: 'two', kind: 'B' } })
  const master = await db.createDoc('HP Master', { title: 'old' })
  await db.renameDoc('HP Master', master.name, 'new')
  assert.equal((await db.getDoc('HP Master', 'new')).title, 'new')
  assert.equal((await db.deleteDoc(DOCTYPE, made.name)).data, 'ok')
  await assert.rejects(db.getDoc(DOCTYPE, made.name), { httpStatus: 404, exc_type: 'DoesNotExistError' })
})

test('submits and cancels', async () => {
  const db = new FrappeApp(url, token('admin')).db()
  const made = await db.createDoc(DOCTYPE, { title: 'to submit' })
  assert.equal((await db.submit(made)).docstatus, 1)
  assert.equal((await db.cancel(DOCTYPE, made.name)).message.docstatus, 2)
})

test('lists with fields, filters, order and pages, and counts', async () => {
  const db = new FrappeApp(url, token('admin')).db()
  for (const n of [1, 2, 3, 4, 5]) await db.createDoc(DOCTYPE, { title: `listed ${n}`, n })
  const filters = [['title', 'like', 'listed %'], ['n', '>', 1]]
  const options = { fields: ['title', 'n'], filters, orderBy: { field: 'n', order: 'desc' }, limit_start: 1, limit: 2 }
  assert.deepEqual(await db.getDocList(DOCTYPE, options), [{ title: 'listed 4', n: 4 }, { title: 'listed 3', n: 3 }])
  assert.deepEqual(await db.getDocList(DOCTYPE, { ...options, asDict: false }), [['listed 4', 4], ['listed 3', 3]])
  const either = { fields: ['n'], orFilters: [['n', '=', 1], ['n', '=', 5]], filters: [['title', 'like', 'listed %']], orderBy: { field: 'n' } }
  assert.deepEqual((await db.getDocList(DOCTYPE, either)).map((row) => row.n), [1, 5])
  assert.equal(await db.getCount(DOCTYPE, filters), 4)
  assert.equal((await db.getLastDoc(DOCTYPE, { filters: [['title', 'like', 'listed %']], orderBy: { field: 'n', order: 'desc' } })).n, 5)
})

test('calls functions by every verb', async () => {
  const call = new FrappeApp(url, token('admin')).call()
  assert.deepEqual(await call.get('ping'), { message: 'pong' })
  assert.deepEqual(await call.get('frappe.client.get_count', { doctype: 'User', filters: [['name', '=', 'Guest']] }), { message: 1 })
  const made = (await call.post('frappe.client.insert', { doc: { doctype: DOCTYPE, title: 'by call' } })).message
  assert.equal((await call.put('frappe.client.set_value', { doctype: DOCTYPE, name: made.name, fieldname: 'n', value: 7 })).message.n, 7)
  await call.delete('frappe.client.delete', { doctype: DOCTYPE, name: made.name })
  await assert.rejects(call.get('no.such.function'), { httpStatus: 417, exc_type: 'ValidationError' })
})

test('uploads a file and attaches it', async () => {
  const app = new FrappeApp(url, token('admin'))
  const made = await app.db().createDoc(DOCTYPE, { title: 'with a file' })
  const file = new File(['a,b\n1,2\n'], '数据.csv', { type: 'text/csv' })
  const answer = await app.file().uploadFile(file, { isPrivate: true, doctype: DOCTYPE, docname: made.name })
  const { file_url: address, is_private: isPrivate, attached_to_name: owner } = answer.data.message
  assert.deepEqual([isPrivate, owner, address.startsWith('/private/files/')], [1, made.name, true])
  const read = await app.axios.get(address, { responseType: 'text' })
  assert.equal(read.data, 'a,b\n1,2\n')
})

test('says what is wrong', async () => {
  const db = new FrappeApp(url, token('tester')).db()
  await assert.rejects(db.createDoc(DOCTYPE, { kind: 'A' }), { httpStatus: 417, exc_type: 'MandatoryError' })
  await assert.rejects(db.getDocList('HP Master'), { httpStatus: 403, exc_type: 'PermissionError' })
})
