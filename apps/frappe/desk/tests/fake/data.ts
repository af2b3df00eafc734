/** Documents of the fake site: made by counting, so that every run has the same ones. */
import type { Doc } from '@/core/document/types';

const pick = <T>(list: readonly T[], index: number): T => list[index % list.length]!;
const stamp = (index: number): string => `2024-${String(1 + (index % 12)).padStart(2, '0')}-${String(1 + (index % 28)).padStart(2, '0')} ${String(8 + (index % 12)).padStart(2, '0')}:${String((index * 7) % 60).padStart(2, '0')}:00`;
const base = (doctype: string, name: string, index: number): Doc => ({ doctype, name, owner: 'Administrator', creation: stamp(index), modified: stamp(index + 1), modified_by: 'Administrator', docstatus: 0, idx: 0 });

const GOODS = ['纯棉圆领T恤 白色 L', '保温杯 500ml 星空蓝', '蓝牙耳机 降噪版', '儿童雨靴 粉色 30码', '厨房纸巾 12卷装', '有机绿茶 250g 礼盒', '无线充电器 15W', '瑜伽垫 加厚 10mm', '不锈钢保鲜盒 三件套', '护手霜 玫瑰味 75ml'];
const PEOPLE = ['张伟', '王芳', '李娜', '刘洋', '陈静', '杨磊', '赵敏', '黄强', '周杰', '吴婷'];
const STATUSES = ['To Deliver and Bill', 'To Bill', 'To Deliver', 'Partly Delivered', 'Completed', 'On Hold'];

/** All documents by DocType. */
export function makeDocuments(): Map<string, Map<string, Doc>> {
  const store = new Map<string, Map<string, Doc>>();
  const add = (doc: Doc): void => void (store.get(doc.doctype) ?? store.set(doc.doctype, new Map()).get(doc.doctype)!).set(doc.name, doc);
  GOODS.forEach((name, index) => add({ ...base('SKU', `SKU-${1001 + index}`, index), sku_code: `SKU-${1001 + index}`, sku_name: name, brand: pick(['山川', '知味', '云上'], index), stock_uom: '件', standard_rate: 29.9 + index * 17.35, weight_g: 120 + index * 45, status: pick(['Active', 'New', 'Clearance', 'Discontinued'], index), disabled: 0 }));
  PEOPLE.forEach((name, index) => add({ ...base('Customer', `CUST-${String(index + 1).padStart(4, '0')}`, index), customer_name: name, default_currency: 'CNY', tax_id: index % 3 ? '' : `91310000MA1K${3000 + index}X`, payment_terms_days: (index % 4) * 15 }));
  for (const brand of ['山川', '知味', '云上']) add({ ...base('Brand', brand, 1), brand });
  for (const unit of ['件', '箱', '千克']) add({ ...base('UOM', unit, 1), uom_name: unit });
  for (const name of ['上海总仓', '广州分仓', '次品仓']) add({ ...base('Warehouse', name, 1), warehouse_name: name });
  for (const [name, platform] of [['山川旗舰店', 'taobao'], ['山川京东自营', 'jd'], ['山川拼多多', 'pinduoduo']] as const) add({ ...base('Shop', name, 1), shop_name: name, platform });
  for (const [code, symbol] of [['CNY', '¥'], ['USD', '$']] as const) add({ ...base('Currency', code, 1), symbol });
  add({ ...base('Company', '山川商贸有限公司', 1), company_name: '山川商贸有限公司', abbr: 'SC', default_currency: 'CNY' });
  add({ ...base('User', 'Administrator', 1), email: 'admin@example.com', full_name: 'Administrator', enabled: 1, language: 'zh' });
  add({ ...base('Stock Settings', 'Stock Settings', 1), allow_negative: 0, valuation_method: 'Moving Average' });
  for (let index = 0; index < 137; index += 1) add(order(index));
  for (let index = 0; index < 5; index += 1) add({ ...base('Delivery Note', `DN-2024-${String(index + 1).padStart(5, '0')}`, index), sales_order: 'SO-2024-00137', waybill_no: `SF14${index}8820017`, docstatus: 1 });
  return store;
}

function order(index: number): Doc {
  const name = `SO-2024-${String(index + 1).padStart(5, '0')}`;
  const lines = Array.from({ length: 2 + (index % 3) }, (_, line) => {
    const sku = (index + line) % GOODS.length;
    const rate = 29.9 + sku * 17.35;
    const qty = 1 + ((index + line) % 5);
    return { ...base('Sales Order Item', `${name}-${line + 1}`, index), idx: line + 1, parent: name, parenttype: 'Sales Order', parentfield: 'items', sku: `SKU-${1001 + sku}`, sku_name: GOODS[sku], stock_uom: '件', qty, rate, discount_amount: 0, amount: Math.round(qty * rate * 100) / 100, is_gift: 0 };
  });
  const net = lines.reduce((sum, line) => sum + line.amount, 0);
  const docstatus = index % 9 === 0 ? 0 : index % 17 === 0 ? 2 : 1;
  return {
    ...base('Sales Order', name, index), docstatus: docstatus as 0 | 1 | 2, customer: `CUST-${String((index % 10) + 1).padStart(4, '0')}`, shop: pick(['山川旗舰店', '山川京东自营', '山川拼多多'], index), platform_order_id: `2024${String(880_000_000 + index * 7919)}`,
    order_datetime: stamp(index), delivery_date: stamp(index + 3).slice(0, 10), is_presale: 0, status: docstatus === 1 ? pick(STATUSES, index) : '', company: '山川商贸有限公司', currency: 'CNY', items: lines, tags: [],
    total_qty: lines.reduce((sum, line) => sum + line.qty, 0), shipping_fee: index % 4 ? 0 : 12, discount_percent: 0, net_total: net, grand_total: net + (index % 4 ? 0 : 12),
    receiver_name: pick(PEOPLE, index), receiver_phone: '138****2231', receiver_address: '上海市浦东新区世纪大道100号',
  };
}
