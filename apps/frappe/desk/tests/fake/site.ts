/**
 * A small site in memory that answers as the server does: for component tests and for working on the desk without a server.
 * Invariant: shapes, status codes and error bodies are upstream's.
 */
import type { Doc } from '@/core/document/types';
import type { DocTypeData } from '@/core/meta/types';
import { parseJson } from '@/core/json';
import { makeDocuments } from './data';
import { DOCTYPES } from './doctypes';

export interface FakeAnswer { status: number; body: Record<string, unknown> }
type Parameters = Record<string, string>;
type Handler = (parameters: Parameters) => unknown;

class Failure extends Error {
  constructor(readonly status: number, readonly excType: string, message: string, readonly more: Record<string, unknown> = {}) {
    super(message);
  }
}

export class FakeSite {
  readonly documents = makeDocuments();
  readonly calls: { method: string; parameters: Parameters }[] = [];
  /** Answers that one test adds or puts in place of the usual ones. */
  readonly extra: Record<string, Handler> = {};
  workspaces: Record<string, unknown>[] = [];
  user = 'Administrator';
  lang = 'en';
  private clock = 0;
  private numbers = 1000;

  constructor(readonly doctypes: readonly DocTypeData[] = DOCTYPES) {}

  /** The boot data of the user who is logged in. */
  boot(): Record<string, unknown> {
    const names = this.doctypes.map((doctype) => doctype.name);
    const modules = [['Orders', 'ec_erp'], ['Catalog', 'ec_erp'], ['Inventory', 'ec_erp'], ['Fulfilment', 'ec_erp'], ['Parties', 'ec_erp'], ['Channels', 'ec_erp'], ['Accounting', 'ec_erp'], ['Core', 'frappe']];
    return {
      user: { name: this.user, full_name: this.user === 'Guest' ? '' : 'Administrator', email: 'admin@example.com', roles: ['System Manager', 'All', 'Guest'], language: this.lang, time_zone: 'Asia/Shanghai', defaults: { company: '山川商贸有限公司' }, can_read: names, can_create: names, can_write: names, can_delete: names, can_submit: names, can_cancel: names, can_export: names, can_import: names, settings: {} },
      sitename: 'fake.localhost', lang: this.lang, csrf_token: 'token-1', sysdefaults: { currency: 'CNY', date_format: 'yyyy-mm-dd', time_format: 'HH:mm:ss', number_format: '#,###.##', float_precision: 3, first_day_of_the_week: 'Monday', time_zone: 'Asia/Shanghai' },
      currencies: { CNY: { symbol: '¥', number_format: '#,###.##' }, USD: { symbol: '$', number_format: '#,###.##' } },
      modules: modules.map(([name, app]) => ({ name, label: name, app })), doctypes: this.doctypes.filter((doctype) => !doctype.istable).map(({ name, module, issingle, is_submittable, title_field }) => ({ name, module, issingle, is_submittable, title_field })),
      messages: this.lang === 'zh' ? MESSAGES : {}, developer_mode: 1, workspaces: this.workspaces,
    };
  }

  /** Answers a call of `/api/method/<method>`. */
  handle(method: string, parameters: Parameters): FakeAnswer {
    this.calls.push({ method, parameters });
    const handler = this.extra[method] ?? this.handlers[method];
    try {
      if (!handler) throw new Failure(404, 'DoesNotExistError', `Method ${method} not found`);
      const result = handler(parameters);
      const isBody = result !== null && typeof result === 'object' && ('docs' in result || 'message' in result);
      return { status: 200, body: isBody ? (result as Record<string, unknown>) : { message: result } };
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      const message = JSON.stringify({ message: error.message, title: 'Message', indicator: 'red', raise_exception: 1, ...error.more });
      return { status: error.status, body: { exc_type: error.excType, _server_messages: JSON.stringify([message]) } };
    }
  }

  /** As `fetch` for tests. */
  readonly fetch = async (input: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
    const url = new URL(String(input), 'http://fake.localhost');
    const body = init?.body instanceof URLSearchParams ? init.body : new URLSearchParams();
    const parameters = Object.fromEntries([...url.searchParams, ...body]);
    await Promise.resolve();
    if (init?.signal?.aborted) throw new DOMException('aborted', 'AbortError');
    const answer = this.handle(url.pathname.replace('/api/method/', ''), parameters);
    return new Response(JSON.stringify(answer.body), { status: answer.status, headers: { 'Content-Type': 'application/json' } });
  };

  /** The stored document; raises as the server does when it isn't there. */
  find(doctype: string, name: string): Doc {
    const doc = this.documents.get(doctype)?.get(name);
    if (!doc) throw new Failure(404, 'DoesNotExistError', `${doctype} ${name} not found`);
    return doc;
  }

  private meta(name: string): DocTypeData {
    const found = this.doctypes.find((doctype) => doctype.name === name);
    if (!found) throw new Failure(404, 'DoesNotExistError', `DocType ${name} not found`);
    return found;
  }

  private readonly handlers: Record<string, Handler> = {
    login: ({ usr, pwd }) => {
      if (pwd !== 'admin') throw new Failure(401, 'AuthenticationError', 'Invalid login credentials');
      this.user = usr === 'Administrator' ? 'Administrator' : String(usr);
      return { message: 'Logged In', home_page: '/app', full_name: 'Administrator' };
    },
    'frappe.auth.get_logged_user': () => ({ message: this.user }),
    logout: () => { this.user = 'Guest'; return {}; },
    'frappe.desk.form.load.getdoctype': ({ doctype }) => {
      const meta = this.meta(doctype!);
      const children = meta.fields.filter((field) => field.fieldtype.startsWith('Table')).map((field) => this.meta(String(field.options)));
      return { docs: structuredClone([meta, ...children]), user_settings: '{}' };
    },
    'frappe.desk.form.load.getdoc': ({ doctype, name }) => this.formAnswer(this.find(doctype!, name!)),
    'frappe.desk.form.save.savedocs': ({ doc, action }) => this.save(parseJson<Doc>(doc, {} as Doc), action!),
    'frappe.desk.form.save.cancel': ({ doctype, name }) => {
      const doc = this.find(doctype!, name!);
      if (doc.docstatus !== 1) throw new Failure(417, 'DocstatusTransitionError', 'Only a submitted document can be cancelled');
      return this.formAnswer(this.store({ ...doc, docstatus: 2 }));
    },
    'frappe.client.delete': ({ doctype, name }) => { this.find(doctype!, name!); this.documents.get(doctype!)!.delete(name!); return {}; },
    'frappe.client.rename_doc': ({ doctype, old_name: old, new_name: next }) => { const doc = this.find(doctype!, old!); this.documents.get(doctype!)!.delete(old!); this.store({ ...doc, name: next! }); return next; },
    'frappe.client.get_value': ({ doctype, filters, fieldname }) => {
      const doc = this.documents.get(doctype!)?.get(filters!);
      const fields = parseJson<string[]>(fieldname, [fieldname!]);
      return doc ? Object.fromEntries(fields.map((field) => [field, doc[field]])) : {};
    },
    'frappe.client.set_value': ({ doctype, name, fieldname, value }) => { if (fieldname === 'language') this.lang = String(value); const doc = this.find(doctype!, name!); doc[fieldname!] = value; return doc; },
    'frappe.client.get_list': ({ doctype }) => [...(this.documents.get(doctype!)?.values() ?? [])].slice(0, 20),
    'frappe.client.get': ({ doctype, name }) => this.find(doctype!, name!),
    'frappe.client.validate_link': ({ doctype, docname, fields }) => {
      const doc = this.documents.get(doctype!)?.get(docname!);
      return doc ? Object.fromEntries([['name', doc.name], ...parseJson<string[]>(fields, []).map((field) => [field, doc[field]])]) : {};
    },
    'frappe.desk.reportview.get': (parameters) => this.list(parameters),
    'frappe.desk.reportview.get_count': ({ doctype, filters, limit }) => Math.min(this.filtered(doctype!, filters).length, Number(limit) || Infinity),
    'frappe.desk.reportview.delete_items': ({ doctype, items }) => { parseJson<string[]>(items, []).forEach((name) => this.documents.get(doctype!)?.delete(name)); return {}; },
    'frappe.desk.doctype.bulk_update.bulk_update.submit_cancel_or_update_docs': ({ doctype, docnames, action }) => {
      const target = action === 'submit' ? 1 : 2;
      const failed: string[] = [];
      for (const name of parseJson<string[]>(docnames, [])) {
        const doc = this.find(doctype!, name);
        if (Number(doc.docstatus ?? 0) === target - 1) this.store({ ...doc, docstatus: target as 1 | 2 });
        else failed.push(name);
      }
      return failed;
    },
    'frappe.desk.search.search_link': ({ doctype, txt }) => {
      const meta = this.meta(doctype!);
      const wanted = (txt ?? '').toLowerCase();
      const docs = doctype === 'DocType' ? this.doctypes.filter((item) => !item.istable).map((item) => ({ name: item.name }) as Doc) : [...(this.documents.get(doctype!)?.values() ?? [])];
      const title = (doc: Doc): string => String(doc[meta.title_field ?? ''] ?? '');
      return docs.filter((doc) => `${doc.name} ${title(doc)}`.toLowerCase().includes(wanted)).slice(0, 10).map((doc) => ({ value: doc.name, description: title(doc), ...(meta.show_title_field_in_link && title(doc) ? { label: title(doc), description: doc.name } : {}) }));
    },
    'frappe.desk.notifications.get_open_count': ({ name, items }) => ({ message: { count: { external_links_found: parseJson<string[]>(items, []).map((doctype) => ({ doctype, count: [...(this.documents.get(doctype)?.values() ?? [])].filter((doc) => doc.sales_order === name).length, open_count: 0 })), internal_links_found: [] } } }),
    'frappe.desk.form.utils.add_comment': ({ content, comment_email: user }) => ({ message: { name: `comment-${(this.clock += 1)}`, creation: '2024-12-01 10:00:00', owner: user, comment_email: user, comment_type: 'Comment', content } }),
    'frappe.model.utils.user_settings.save': () => ({ message: null }),
    'frappe.utils.global_search.search': ({ text }) => [...this.documents].flatMap(([doctype, docs]) => [...docs.keys()].filter((name) => name.toLowerCase().includes(String(text).toLowerCase())).slice(0, 3).map((name) => ({ doctype, name, content: '' }))).slice(0, 8),
  };

  private formAnswer(doc: Doc): Record<string, unknown> {
    return {
      docs: [structuredClone(doc)],
      docinfo: {
        permissions: { read: 1, write: 1, create: 1, delete: 1, submit: 1, cancel: 1, amend: 1 }, attachments: [], communications: [], tags: '',
        comments: [{ name: 'c1', creation: '2024-11-02 09:12:00', owner: 'Administrator', comment_email: 'Administrator', comment_type: 'Comment', content: '<p>客户要求周五前发货。</p>' }],
        versions: [{ name: 'v1', creation: '2024-11-01 18:30:00', owner: 'Administrator', data: JSON.stringify({ changed: [['shipping_fee', '0.00', '12.00'], ['receiver_name', '王芳', '张伟']] }) }],
      },
      _link_titles: this.titles(doc),
    };
  }

  private titles(doc: Doc): Record<string, string> {
    const meta = this.meta(doc.doctype);
    const links = meta.fields.filter((field) => field.fieldtype === 'Link' && doc[field.fieldname]);
    const own = links.map((field): [string, string] => {
      const target = this.documents.get(String(field.options))?.get(String(doc[field.fieldname]));
      const titled = this.doctypes.find((item) => item.name === field.options);
      return [`${field.options}::${String(doc[field.fieldname])}`, titled?.show_title_field_in_link ? String(target?.[titled.title_field ?? ''] ?? '') : ''];
    });
    const rows = meta.fields.filter((field) => field.fieldtype === 'Table').flatMap((field) => ((doc[field.fieldname] ?? []) as Doc[]).flatMap((row) => Object.entries(this.titles(row))));
    return Object.fromEntries([...own, ...rows].filter(([, title]) => title));
  }

  private save(doc: Doc, action: string): Record<string, unknown> {
    const meta = this.meta(doc.doctype);
    const stored = this.documents.get(doc.doctype)?.get(doc.name);
    if (stored && !doc.__islocal && stored.modified !== doc.modified) throw new Failure(417, 'TimestampMismatchError', 'Document has been modified after you have opened it');
    for (const field of meta.fields.filter((item) => item.reqd)) {
      const value = doc[field.fieldname];
      if (value === '' || value === null || value === undefined || (Array.isArray(value) && !value.length)) throw new Failure(417, 'MandatoryError', `Value missing for ${doc.doctype}: ${String(field.label)}`, { fieldname: field.fieldname });
    }
    if (doc.doctype === 'Sales Order') this.check(doc);
    const localname = doc.__islocal ? doc.name : undefined;
    const name = doc.__islocal ? this.newName(doc, meta) : doc.name;
    const docstatus = action === 'Submit' ? 1 : Number(doc.docstatus ?? 0);
    const saved = this.store({ ...doc, name, docstatus: docstatus as 0 | 1 | 2 });
    const answer = this.formAnswer(saved);
    if (localname) (answer.docs as Doc[])[0]!.localname = localname;
    return answer;
  }

  /** Works out amounts, and refuses a negative quantity as the server would: with the row in the text. */
  private check(doc: Doc): void {
    const items = doc.items as (Doc & { qty: number; rate: number; amount: number; discount_amount: number })[];
    items.forEach((row, index) => {
      if (row.qty <= 0) throw new Failure(417, 'ValidationError', `Row #${index + 1}: Quantity must be positive`);
      row.amount = Math.round((row.qty * row.rate - (row.discount_amount || 0)) * 100) / 100;
    });
    doc.total_qty = items.reduce((sum, row) => sum + row.qty, 0);
    doc.net_total = items.reduce((sum, row) => sum + row.amount, 0);
    doc.grand_total = Number(doc.net_total) + Number(doc.shipping_fee ?? 0);
  }

  private newName(doc: Doc, meta: DocTypeData): string {
    const byField = /^field:(\w+)/.exec(meta.autoname ?? '')?.[1];
    const name = doc.__newname || (byField ? String(doc[byField]) : `${meta.name.replace(/[a-z ]/g, '')}-2024-${String((this.numbers += 1)).padStart(5, '0')}`);
    if (this.documents.get(doc.doctype)?.has(name)) throw new Failure(409, 'DuplicateEntryError', `${doc.doctype} ${name} already exists`);
    return name;
  }

  /** Stores a document with a later time of change, without the desk's marks. */
  store(doc: Doc): Doc {
    this.clock += 1;
    const bare = Object.fromEntries(Object.entries(doc).filter(([key]) => !key.startsWith('__'))) as Doc;
    for (const [key, value] of Object.entries(bare)) {
      if (Array.isArray(value)) bare[key] = value.map((row: Doc, index) => ({ ...row, name: row.name.startsWith('new-') ? `${bare.name}-${this.clock}-${index + 1}` : row.name, parent: bare.name, __islocal: undefined }));
    }
    const modified = `2024-12-31 12:${String(Math.floor(this.clock / 60) % 60).padStart(2, '0')}:${String(this.clock % 60).padStart(2, '0')}`;
    const saved = { ...bare, creation: bare.creation ?? modified, owner: bare.owner ?? 'Administrator', modified, modified_by: 'Administrator' };
    if (!this.documents.has(doc.doctype)) this.documents.set(doc.doctype, new Map());
    this.documents.get(doc.doctype)!.set(saved.name, saved);
    return saved;
  }

  private filtered(doctype: string, filters: string | undefined): Doc[] {
    const conditions = parseJson<[string, string, string, unknown][]>(filters, []);
    return [...(this.documents.get(doctype)?.values() ?? [])].filter((doc) => conditions.every(([, field, operator, value]) => holds(doc[field], operator, value)));
  }

  private list({ doctype, filters, fields, order_by: order, start, page_length: length }: Parameters): unknown {
    const keys = parseJson<string[]>(fields, ['name']);
    const [sort = 'modified', direction = 'desc'] = (order ?? '').replace(/`tab[^`]*`\.|`/g, '').split(/[ ,]+/);
    const docs = this.filtered(doctype!, filters).sort((left, right) => (direction === 'asc' ? 1 : -1) * compare(left[sort], right[sort]));
    const page = docs.slice(Number(start ?? 0), Number(start ?? 0) + Number(length ?? 20));
    if (!page.length) return [];
    return { message: { keys, values: page.map((doc) => keys.map((key) => doc[key] ?? null)) }, _link_titles: Object.assign({}, ...page.map((doc) => this.titles({ ...doc }))) as Record<string, string> };
  }
}

function compare(left: unknown, right: unknown): number {
  if (typeof left === 'number' && typeof right === 'number') return left - right;
  return String(left ?? '').localeCompare(String(right ?? ''));
}

function holds(value: unknown, operator: string, wanted: unknown): boolean {
  const list = Array.isArray(wanted) ? wanted : [wanted];
  const tests: Record<string, () => boolean> = {
    '=': () => String(value ?? '') === String(wanted), '!=': () => String(value ?? '') !== String(wanted), in: () => list.map(String).includes(String(value)),
    like: () => String(value ?? '').toLowerCase().includes(String(wanted).replace(/%/g, '').toLowerCase()), is: () => (wanted === 'set') === Boolean(value),
    Between: () => compare(value, list[0]) >= 0 && compare(value, list[1]) <= 0, '>': () => compare(value, wanted) > 0, '<': () => compare(value, wanted) < 0,
    '>=': () => compare(value, wanted) >= 0, '<=': () => compare(value, wanted) <= 0,
  };
  return tests[operator]?.() ?? true;
}

const MESSAGES: Record<string, string> = {
  'Sales Order': '销售订单', SKU: 'SKU', Customer: '客户', 'Delivery Note': '出库单', Brand: '品牌', UOM: '单位', Warehouse: '仓库', Company: '公司', Currency: '币种', Shop: '店铺', User: '用户', 'Stock Settings': '库存设置', 'Field Gallery': '字段展示',
  Orders: '订单', Catalog: '商品', Inventory: '库存', Fulfilment: '发货', Parties: '往来单位', Channels: '渠道', Accounting: '财务', Core: '系统',
  'Platform Order ID': '平台单号', 'Order Time': '下单时间', 'Delivery Date': '发货日期', Presale: '预售', Status: '状态', Items: '商品明细', Totals: '合计', 'Total Quantity': '总数量', 'Shipping Fee': '运费', 'Net Total': '商品金额', 'Grand Total': '总金额', Receiver: '收件人',
  'Receiver Name': '收件人姓名', 'Receiver Phone': '收件人电话', 'Receiver Address': '收件地址', 'Discount Percent': '折扣率', 'SKU Name': 'SKU名称', 'SKU Code': 'SKU编码', Unit: '单位', Quantity: '数量', Rate: '单价', 'Discount Amount': '优惠金额', Amount: '金额', Gift: '赠品',
  'To Deliver and Bill': '待发货待开票', 'To Bill': '待开票', 'To Deliver': '待发货', 'Partly Delivered': '部分发货', Completed: '已完成', 'On Hold': '挂起', 'Standard Rate': '标准价', 'Weight (g)': '重量（克）', Disabled: '停用', 'Customer Name': '客户名称', 'Default Currency': '默认币种', 'Tax ID': '税号', 'Payment Terms (Days)': '账期（天）',
  Active: '在售', New: '新品', Clearance: '清仓', Discontinued: '停产', More: '更多', Notes: '备注', 'Buyer Message': '买家留言', Terms: '条款', 'Order Tags': '订单标签', 'Amended From': '修订自', ID: '编号', 'Last Updated On': '更新时间',
};
