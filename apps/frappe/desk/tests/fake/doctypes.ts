/** DocTypes of the fake site: one of each kind that the desk must draw. Names are ours; only the attributes are upstream's. */
import type { DocField, DocTypeData } from '@/core/meta/types';

type Part = Partial<DocField> & { fieldtype: DocField['fieldtype'] };
let counter = 0;

const field = (fieldname: string, fieldtype: DocField['fieldtype'], label: string, more: Partial<DocField> = {}): DocField => ({ fieldname, fieldtype, label, ...more });
const section = (label = '', more: Partial<DocField> = {}): DocField => field(`section_${(counter += 1)}`, 'Section Break', label, more);
const column = (): DocField => field(`column_${(counter += 1)}`, 'Column Break', '');
const tab = (label: string): DocField => field(`tab_${(counter += 1)}`, 'Tab Break', label);

const RIGHTS = { read: 1, write: 1, create: 1, delete: 1, submit: 1, cancel: 1, amend: 1, print: 1, email: 1, report: 1, import: 1, export: 1, share: 1 };

function doctype(name: string, fields: Part[], more: Partial<DocTypeData> = {}): DocTypeData {
  const full = fields.map((given, index) => ({ ...given, parent: name, idx: index + 1 })) as DocField[];
  return { doctype: 'DocType', name, module: 'Orders', fields: full, permissions: [{ role: 'System Manager', ...RIGHTS }, { role: 'Stock User', read: 1 }], sort_field: 'modified', sort_order: 'DESC', ...more };
}

const child = (name: string, fields: Part[], more: Partial<DocTypeData> = {}): DocTypeData => doctype(name, fields, { istable: 1, editable_grid: 1, permissions: [], ...more });

const salesOrderItem = child('Sales Order Item', [
  field('sku', 'Link', 'SKU', { options: 'SKU', in_list_view: 1, reqd: 1, columns: 2 }),
  field('sku_name', 'Data', 'SKU Name', { fetch_from: 'sku.sku_name', in_list_view: 1, columns: 3 }),
  field('stock_uom', 'Link', 'Unit', { options: 'UOM', fetch_from: 'sku.stock_uom', in_list_view: 1, read_only: 1, columns: 1 }),
  field('qty', 'Float', 'Quantity', { in_list_view: 1, reqd: 1, default: '1', non_negative: 1, columns: 1 }),
  field('rate', 'Currency', 'Rate', { options: 'currency', in_list_view: 1, fetch_from: 'sku.standard_rate', fetch_if_empty: 1, columns: 1 }),
  field('discount_amount', 'Currency', 'Discount Amount', { options: 'currency', in_list_view: 1, columns: 1 }),
  field('amount', 'Currency', 'Amount', { options: 'currency', in_list_view: 1, read_only: 1, columns: 1 }),
  field('is_gift', 'Check', 'Gift', { in_list_view: 1, columns: 1 }),
  section('Details'),
  field('warehouse', 'Link', 'Warehouse', { options: 'Warehouse' }),
  column(),
  field('note', 'Small Text', 'Note', { depends_on: 'eval:doc.is_gift' }),
]);

const salesOrder = doctype('Sales Order', [
  field('customer', 'Link', 'Customer', { options: 'Customer', reqd: 1, in_list_view: 1, in_standard_filter: 1 }),
  field('shop', 'Link', 'Shop', { options: 'Shop', in_list_view: 1, in_standard_filter: 1 }),
  field('platform_order_id', 'Data', 'Platform Order ID', { in_list_view: 1, unique: 1 }),
  column(),
  field('order_datetime', 'Datetime', 'Order Time', { default: 'Now', reqd: 1, in_list_view: 1 }),
  field('delivery_date', 'Date', 'Delivery Date', { in_list_view: 1, in_standard_filter: 1, depends_on: 'eval:!doc.is_presale', mandatory_depends_on: 'eval:!doc.is_presale' }),
  field('is_presale', 'Check', 'Presale'),
  column(),
  field('status', 'Select', 'Status', { options: '\nTo Deliver and Bill\nTo Bill\nTo Deliver\nPartly Delivered\nCompleted\nOn Hold', read_only: 1, no_copy: 1 }),
  field('company', 'Link', 'Company', { options: 'Company', reqd: 1 }),
  field('currency', 'Link', 'Currency', { options: 'Currency', default: 'CNY', reqd: 1 }),
  section(''),
  field('items', 'Table', 'Items', { options: 'Sales Order Item', reqd: 1, allow_on_submit: 0 }),
  section('Totals'),
  field('total_qty', 'Float', 'Total Quantity', { read_only: 1 }),
  field('shipping_fee', 'Currency', 'Shipping Fee', { options: 'currency' }),
  column(),
  field('discount_percent', 'Percent', 'Discount Percent'),
  field('net_total', 'Currency', 'Net Total', { options: 'currency', read_only: 1 }),
  field('grand_total', 'Currency', 'Grand Total', { options: 'currency', read_only: 1, in_list_view: 1, bold: 1 }),
  section('Receiver', { collapsible: 1 }),
  field('receiver_name', 'Data', 'Receiver Name'),
  field('receiver_phone', 'Data', 'Receiver Phone', { options: 'Phone' }),
  column(),
  field('receiver_address', 'Small Text', 'Receiver Address'),
  tab('More'),
  section('Notes'),
  field('buyer_message', 'Small Text', 'Buyer Message'),
  field('terms', 'Text Editor', 'Terms'),
  field('tags', 'Table MultiSelect', 'Order Tags', { options: 'Sales Order Tag' }),
  field('amended_from', 'Link', 'Amended From', { options: 'Sales Order', read_only: 1, no_copy: 1 }),
], {
  is_submittable: 1, track_changes: 1, title_field: 'customer_title', search_fields: 'customer', autoname: 'naming_series:', allow_rename: 1,
  links: [{ link_doctype: 'Delivery Note', link_fieldname: 'sales_order', group: 'Fulfilment' }],
});

const kitchenSink = doctype('Field Gallery', [
  field('title', 'Data', 'Title', { reqd: 1, in_list_view: 1 }),
  field('email', 'Data', 'E-mail', { options: 'Email' }),
  field('website', 'Data', 'Website', { options: 'URL' }),
  field('count', 'Int', 'Count', { in_list_view: 1 }),
  field('weight', 'Float', 'Weight', { description: 'In kilograms, packaging included.' }),
  field('price', 'Currency', 'Price', { in_list_view: 1 }),
  field('share', 'Percent', 'Share'),
  field('enabled', 'Check', 'Enabled', { default: '1' }),
  column(),
  field('day', 'Date', 'Day'),
  field('moment', 'Datetime', 'Moment'),
  field('clock', 'Time', 'Clock'),
  field('length_of_time', 'Duration', 'Length of Time'),
  field('choice', 'Select', 'Choice', { options: '\nRed\nGreen\nBlue', in_list_view: 1, in_standard_filter: 1 }),
  field('partner_type', 'Link', 'Partner Type', { options: 'DocType' }),
  field('partner', 'Dynamic Link', 'Partner', { options: 'partner_type' }),
  field('suggestion', 'Autocomplete', 'Suggestion', { options: 'Apple\nBanana\nCherry' }),
  section('Text'),
  field('small', 'Small Text', 'Small Text'),
  field('long', 'Long Text', 'Long Text'),
  column(),
  field('rich', 'Text Editor', 'Rich Text'),
  field('markdown', 'Markdown Editor', 'Markdown'),
  section('Code', { collapsible: 1 }),
  field('code', 'Code', 'Code', { options: 'Python' }),
  field('data', 'JSON', 'Data'),
  field('markup', 'HTML Editor', 'Markup'),
  tab('Files and more'),
  field('file', 'Attach', 'File'),
  field('picture', 'Attach Image', 'Picture'),
  field('shown_picture', 'Image', 'Shown Picture', { options: 'picture' }),
  field('secret', 'Password', 'Secret'),
  field('stars', 'Rating', 'Stars'),
  field('colour', 'Color', 'Colour'),
  field('bar_code', 'Barcode', 'Bar Code'),
  field('phone', 'Phone', 'Phone'),
  column(),
  field('several', 'MultiSelect', 'Several', { options: 'One\nTwo\nThree' }),
  field('tags', 'Table MultiSelect', 'Tags', { options: 'Sales Order Tag' }),
  field('place', 'Geolocation', 'Place'),
  field('signed', 'Signature', 'Signed'),
  field('icon', 'Icon', 'Icon'),
  field('fixed', 'Read Only', 'Fixed'),
  field('press', 'Button', 'Press Me'),
  field('heading', 'Heading', 'A Heading'),
  field('info', 'HTML', 'Info', { options: '<p>Static <b>HTML</b> with a <a href="/app/sku">link</a>.</p><script>window.hacked = 1</script>' }),
], { module: 'Core', title_field: 'title', autoname: 'prompt', naming_rule: 'Set by user' });

export const DOCTYPES: readonly DocTypeData[] = [
  salesOrder, salesOrderItem, kitchenSink,
  child('Sales Order Tag', [field('tag', 'Link', 'Tag', { options: 'Brand', in_list_view: 1 })]),
  doctype('SKU', [
    field('sku_code', 'Data', 'SKU Code', { reqd: 1, in_standard_filter: 1, unique: 1 }),
    field('sku_name', 'Data', 'SKU Name', { reqd: 1, in_list_view: 1 }),
    field('brand', 'Link', 'Brand', { options: 'Brand', in_list_view: 1, in_standard_filter: 1 }),
    column(),
    field('stock_uom', 'Link', 'Unit', { options: 'UOM', reqd: 1, default: '件', in_list_view: 1 }),
    field('standard_rate', 'Currency', 'Standard Rate', { in_list_view: 1 }),
    field('weight_g', 'Float', 'Weight (g)', { in_list_view: 1 }),
    field('status', 'Select', 'Status', { options: 'New\nActive\nClearance\nDiscontinued', default: 'Active' }),
    field('disabled', 'Check', 'Disabled'),
  ], { module: 'Catalog', title_field: 'sku_name', autoname: 'field:sku_code', show_title_field_in_link: 1, quick_entry: 1, states: [{ title: 'Clearance', color: 'Orange' }] }),
  doctype('Customer', [
    field('customer_name', 'Data', 'Customer Name', { reqd: 1, in_list_view: 1, bold: 1 }),
    field('default_currency', 'Link', 'Default Currency', { options: 'Currency', in_list_view: 1 }),
    field('tax_id', 'Data', 'Tax ID', { in_list_view: 1 }),
    field('payment_terms_days', 'Int', 'Payment Terms (Days)', { in_list_view: 1 }),
  ], { module: 'Parties', title_field: 'customer_name', show_title_field_in_link: 1, quick_entry: 1 }),
  doctype('Delivery Note', [field('sales_order', 'Link', 'Sales Order', { options: 'Sales Order', in_list_view: 1 }), field('waybill_no', 'Data', 'Waybill', { in_list_view: 1 })], { module: 'Fulfilment', is_submittable: 1 }),
  doctype('Brand', [field('brand', 'Data', 'Brand', { reqd: 1 })], { module: 'Catalog', autoname: 'field:brand', quick_entry: 1 }),
  doctype('UOM', [field('uom_name', 'Data', 'Unit Name', { reqd: 1 })], { module: 'Catalog', autoname: 'field:uom_name' }),
  doctype('Warehouse', [field('warehouse_name', 'Data', 'Warehouse Name', { reqd: 1, in_list_view: 1 })], { module: 'Inventory' }),
  doctype('Company', [field('company_name', 'Data', 'Company Name', { reqd: 1 }), field('abbr', 'Data', 'Abbreviation', { in_list_view: 1 }), field('default_currency', 'Link', 'Default Currency', { options: 'Currency', in_list_view: 1 })], { module: 'Accounting' }),
  doctype('Currency', [field('symbol', 'Data', 'Symbol', { in_list_view: 1 })], { module: 'Core' }),
  doctype('Shop', [field('shop_name', 'Data', 'Shop Name', { reqd: 1, in_list_view: 1 }), field('platform', 'Select', 'Platform', { options: 'taobao\njd\npinduoduo', in_list_view: 1 })], { module: 'Channels' }),
  doctype('User', [field('email', 'Data', 'E-mail', { reqd: 1, in_list_view: 1 }), field('full_name', 'Data', 'Full Name', { in_list_view: 1 }), field('enabled', 'Check', 'Enabled'), field('language', 'Data', 'Language')], { module: 'Core', title_field: 'full_name' }),
  doctype('Stock Settings', [field('allow_negative', 'Check', 'Allow Negative Stock'), field('default_warehouse', 'Link', 'Default Warehouse', { options: 'Warehouse' }), field('valuation_method', 'Select', 'Valuation Method', { options: 'Moving Average\nFIFO', default: 'Moving Average' })], { module: 'Inventory', issingle: 1 }),
];
