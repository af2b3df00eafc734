/** Icons of modules: a few that say something, a folder for the rest. */
import {
  BarChart3, Boxes, Building2, Folder, Globe, Landmark, Mail, Package, PackageCheck, Plug, Printer, RotateCcw, Settings, ShoppingCart, Store, Truck, Users, Workflow,
} from '@lucide/vue';
import type { Component } from 'vue';

const ICONS: readonly [RegExp, Component][] = [
  [/catalog|product|item/i, Package], [/stock|inventory/i, Boxes], [/warehouse|fulfil|wave|pick/i, PackageCheck], [/purchas|buying|supplier/i, Truck],
  [/order|sales|selling/i, ShoppingCart], [/account|financ|posting|ledger/i, Landmark], [/part(y|ies)|contact|customer|crm/i, Users], [/channel|shop|platform/i, Store],
  [/after-?sales|return/i, RotateCcw], [/analytic|report|insight/i, BarChart3], [/core|setup|setting|custom|kernel/i, Settings], [/email|mail/i, Mail],
  [/print/i, Printer], [/workflow|automation/i, Workflow], [/integration/i, Plug], [/website/i, Globe], [/desk/i, Building2],
];

/** The icon of a module. */
export function moduleIcon(name: string): Component {
  return ICONS.find(([pattern]) => pattern.test(name))?.[1] ?? Folder;
}
