/**
 * Shows /api/openapi.json: a searchable list of operations by tag, each with its parameters, body and answers, and a
 * form to try it with the session of who looks.
 *
 * Everything is put into the page as text; nothing of the description becomes mark-up.
 */

const VERBS = ['get', 'post', 'put', 'patch', 'delete']
const root = document.getElementById('docs')
const words = JSON.parse(root.dataset.words)
let description = null

/** Make an element: attributes, then children (text or elements). */
function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value)
    else if (value !== false && value !== undefined) element.setAttribute(name, value === true ? '' : value)
  }
  element.append(...children.filter((child) => child !== null && child !== undefined))
  return element
}

/** Follow a `$ref` of the description. */
function resolved(part) {
  if (!part || !part.$ref) return part
  return part.$ref.slice(2).split('/').reduce((found, key) => found?.[key], description)
}

function operations() {
  const found = []
  for (const [path, item] of Object.entries(description.paths)) {
    for (const verb of VERBS) {
      const operation = item[verb]
      if (!operation) continue
      const parameters = [...(item.parameters ?? []), ...(operation.parameters ?? [])].map(resolved)
      found.push({ path, verb, operation, parameters, tag: operation.tags?.[0] ?? '' })
    }
  }
  return found
}

function kindOf(schema) {
  const known = resolved(schema) ?? {}
  if (schema?.$ref) return known.title ?? schema.$ref.split('/').pop()
  if (known.allOf) return known.allOf.map(kindOf).join(' & ')
  if (known.anyOf) return known.anyOf.map(kindOf).join(' | ')
  if (known.enum) return known.enum.map((value) => JSON.stringify(value)).join(' | ')
  const kinds = [].concat(known.type ?? 'any')
  return kinds.map((kind) => (kind === 'array' ? `${kindOf(known.items ?? {})}[]` : kind)).join(' | ')
}

/** All properties of a schema, through references and `allOf`. */
function propertiesOf(schema) {
  const known = resolved(schema) ?? {}
  const parts = (known.allOf ?? []).map(propertiesOf)
  return {
    properties: Object.assign({}, ...parts.map((part) => part.properties), known.properties),
    required: [...parts.flatMap((part) => part.required), ...(known.required ?? [])],
  }
}

function table(rows) {
  return make('table', {}, make('tbody', {}, ...rows.map((cells) =>
    make('tr', {}, ...cells.map((cell) => make('td', {}, cell))))))
}

function parameterRow(parameter) {
  const schema = parameter.schema ?? parameter.content?.['application/json']?.schema ?? {}
  const name = make('span', {}, make('code', {}, parameter.name), parameter.required ? ` (${words.mandatory})` : '')
  return [name, `${parameter.in}: ${kindOf(schema)}`, parameter.description ?? '']
}

function propertyRows(schema) {
  const { properties, required } = propertiesOf(schema)
  return Object.entries(properties).map(([name, property]) => {
    const marks = [required.includes(name) && words.mandatory, property.readOnly && words.readonly].filter(Boolean)
    const shown = make('span', {}, make('code', {}, name), marks.length ? ` (${marks.join(', ')})` : '')
    return [shown, kindOf(property), [property.title, property.description].filter(Boolean).join(': ')]
  })
}

function bodySchema(operation) {
  const content = Object.entries(operation.requestBody?.content ?? {})
  return content.length ? { kind: content[0][0], schema: content[0][1].schema } : null
}

function section(title, content) {
  return content ? make('section', {}, make('h4', {}, title), content) : null
}

function answers(operation) {
  return table(Object.entries(operation.responses).map(([status, answer]) => {
    const known = resolved(answer)
    const schema = known.content?.['application/json']?.schema
    return [make('code', {}, status), known.description ?? '', schema && status < '300' ? kindOfAnswer(schema) : '']
  }))
}

function kindOfAnswer(schema) {
  const { properties } = propertiesOf(schema)
  return Object.entries(properties)
    .filter(([name]) => !name.startsWith('_'))
    .map(([name, property]) => `${name}: ${kindOf(property)}`)
    .join(', ')
}

function details(found) {
  const body = bodySchema(found.operation)
  const rows = found.parameters.map(parameterRow)
  return make('div', { class: 'details' },
    section(words.parameters, rows.length ? table(rows) : null),
    section(`${words.body}${body ? ` (${body.kind})` : ''}`, body ? table(propertyRows(body.schema)) : null),
    section(words.answers, answers(found.operation)),
    section(words.try, trial(found, body)),
  )
}

/** A form that sends the request and shows what comes back. */
function trial(found, body) {
  const output = make('pre', { 'aria-live': 'polite' })
  const fields = found.parameters.map((parameter) =>
    make('label', {}, parameter.name, make('input', { name: parameter.name, required: parameter.required })))
  const text = body?.kind === 'application/json' ? make('textarea', { name: '-body', rows: 6, 'aria-label': words.body }, '{}') : null
  const form = make('form', {}, ...fields, text, make('button', {}, words.send), output)
  form.addEventListener('submit', async (event) => {
    event.preventDefault()
    output.textContent = '…'
    output.textContent = await send(found, new FormData(form))
  })
  return form
}

async function send(found, values) {
  const query = new URLSearchParams()
  let path = found.path
  for (const parameter of found.parameters) {
    const value = values.get(parameter.name)
    if (parameter.in === 'path') path = path.replace(`{${parameter.name}}`, encodeURIComponent(value))
    else if (value) query.set(parameter.name, value)
  }
  const options = { method: found.verb.toUpperCase(), headers: { Accept: 'application/json' } }
  if (values.has('-body')) {
    options.body = values.get('-body')
    options.headers['Content-Type'] = 'application/json'
    options.headers['X-Frappe-CSRF-Token'] = await csrfToken()
  }
  const answer = await fetch(query.size ? `${path}?${query}` : path, options)
  const content = await answer.text()
  return `${answer.status} ${answer.statusText}\n${pretty(content)}`
}

/** A session of the desk has a token that changing requests must carry; the desk's own page holds it. */
async function csrfToken() {
  const answer = await fetch('/app')
  if (!answer.ok || answer.redirected) return ''
  const boot = new DOMParser().parseFromString(await answer.text(), 'text/html').getElementById('boot')
  return boot ? (JSON.parse(boot.textContent).csrf_token ?? '') : ''
}

function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    return text
  }
}

function row(found) {
  const summary = make('summary', {},
    make('span', { class: `verb ${found.verb}` }, found.verb.toUpperCase()),
    make('code', {}, decodeURIComponent(found.path)),
    make('span', { class: 'what' }, found.operation.summary ?? ''))
  const element = make('details', { class: 'operation' }, summary)
  element.addEventListener('toggle', () => {
    if (element.open && element.children.length === 1) element.append(details(found))
  })
  return element
}

function list(all, text) {
  const wanted = text.toLowerCase().split(/\s+/).filter(Boolean)
  const fits = (found) => {
    const place = `${found.verb} ${decodeURIComponent(found.path)} ${found.tag} ${found.operation.summary ?? ''}`.toLowerCase()
    return wanted.every((word) => place.includes(word))
  }
  const groups = Map.groupBy ? Map.groupBy(all.filter(fits), (found) => found.tag) : grouped(all.filter(fits))
  if (!groups.size) return [make('p', {}, words.none)]
  return [...groups].map(([tag, members]) => make('section', { class: 'group' }, make('h2', {}, tag), ...members.map(row)))
}

function grouped(members) {
  const groups = new Map()
  for (const found of members) groups.set(found.tag, [...(groups.get(found.tag) ?? []), found])
  return groups
}

async function start() {
  root.replaceChildren(make('p', { class: 'note', role: 'status' }, words.loading))
  const answer = await fetch('/api/openapi.json')
  if (!answer.ok) throw new Error(`${answer.status}`)
  description = await answer.json()
  document.title = description.info.title
  const all = operations()
  const results = make('main', {})
  const show = (text) => results.replaceChildren(...list(all, text))
  const search = make('input', { type: 'search', placeholder: words.search, 'aria-label': words.search, oninput: () => show(search.value) })
  const guest = Object.keys(description.components.schemas).every((name) => name.startsWith('-'))
  root.replaceChildren(
    make('header', {}, make('h1', {}, description.info.title), make('p', {}, description.info.description),
      guest ? make('p', { class: 'note' }, words.guest, ' ', make('a', { href: '/login?redirect-to=/api/docs' }, words.signin)) : null,
      make('p', {}, make('a', { href: '/api/openapi.json' }, 'openapi.json')), search),
    results)
  show('')
}

start().catch((error) => root.replaceChildren(make('p', { class: 'note' }, `${words.failed}: ${error.message}`)))
